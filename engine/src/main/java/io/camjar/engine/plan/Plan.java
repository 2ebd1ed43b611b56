package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Border;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.model.CompiledPass;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network: its packed weights, and for each size of input its programs and memory. */
final class Plan implements CompiledPass {
  /** Input sizes whose memory is kept. */
  private static final int SIZES = 4;

  private final Graph graph;
  private final String input;
  private final PackedWeights weights = new PackedWeights();
  private final Deque<Scratch> scratches = new ConcurrentLinkedDeque<>();
  private final Map<Shape, Size> sizes =
      new LinkedHashMap<>(SIZES, 1, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Size> eldest) {
          return size() > SIZES;
        }
      };

  /** What is kept for one size of input. */
  private static final class Size {
    final Buffers buffers = new Buffers();
    final Map<Set<String>, Program> traces = new ConcurrentHashMap<>();
    final Map<Set<String>, Program> forwards = new ConcurrentHashMap<>();
  }

  Plan(Layer root, String input) {
    this.graph = Graph.of(root, input);
    this.input = input;
  }

  @Override
  public INDArray forward(INDArray x) {
    Shape shape = Shape.of(x);
    Size size = size(shape);
    Program program =
        size.forwards.computeIfAbsent(
            Set.of(), none -> new Program(graph, shape, Set.of(), false, weights));
    Pass pass = run(program, size.buffers, x);
    INDArray scores = Border.featureArray(pass.scores());
    pass.close();
    return scores;
  }

  @Override
  public void run(INDArray x, Trace trace) {
    Shape shape = Shape.of(x);
    Size size = size(shape);
    Set<String> points = new TreeSet<>(trace.demand().points());
    Set<Integer> asked =
        points.stream().map(point -> graph.point(point).value()).collect(Collectors.toSet());
    Program program =
        size.traces.computeIfAbsent(points, p -> new Program(graph, shape, asked, true, weights));
    Pass pass = run(program, size.buffers, x);
    trace.hold(pass.bytes(), pass::close);
    for (String point : points) {
      if (point.equals(input)) {
        trace.borrow(x);
        trace.offer(point, () -> x);
      } else {
        Graph.Point at = graph.point(point);
        Blocked value = pass.value(at.value());
        Shape of = program.shape(at.value());
        trace.offer(point, () -> array(value, of, at));
        if (!of.features()) {
          trace.offer(point, new BlockedFeatureMaps(value, Threads.shared()));
        }
      }
    }
    trace.finish(Border.featureArray(pass.scores()));
    trace.attach((WayBack) (dLogits, gradients) -> back(pass, points, asked, dLogits, gradients));
  }

  private void back(
      Pass pass, Set<String> points, Set<Integer> asked, INDArray dLogits, Gradients gradients) {
    Scratch scratch = scratch();
    WalkBack walk = new WalkBack(pass, asked, scratch, Threads.shared());
    Border.fillFeatures(dLogits, walk.scores());
    walk.run();
    scratches.addFirst(scratch);
    gradients.hold(walk.bytes(), walk::close);
    for (String point : points) {
      Graph.Point at = graph.point(point);
      Shape shape = pass.program().shape(at.value());
      Blocked gradient = walk.gradient(at.value());
      gradients.offer(point, () -> array(gradient, shape, at));
      if (!shape.features()) {
        gradients.offer(point, new BlockedFeatureMaps(gradient, Threads.shared()));
      }
    }
  }

  private Pass run(Program program, Buffers buffers, INDArray x) {
    Scratch scratch = scratch();
    Pass pass = new Pass(program, buffers, Threads.shared());
    Border.fill(x, pass.input(), scratch);
    pass.run(scratch);
    scratches.addFirst(scratch);
    return pass;
  }

  private Scratch scratch() {
    Scratch scratch = scratches.pollFirst();
    return scratch == null ? new Scratch() : scratch;
  }

  private Size size(Shape shape) {
    synchronized (sizes) {
      return sizes.computeIfAbsent(shape, s -> new Size());
    }
  }

  private static INDArray array(Blocked value, Shape shape, Graph.Point point) {
    if (!shape.features()) {
      return Border.array(value);
    }
    INDArray features = Border.featureArray(value);
    return point.pooled()
        ? features.reshape('c', features.size(0), features.size(1), 1, 1)
        : features;
  }
}
