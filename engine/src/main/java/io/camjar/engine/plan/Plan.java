package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Border;
import io.camjar.engine.model.CompiledPass;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Request;
import io.camjar.engine.trace.Trace;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network: its packed weights, and for each size of input its schedules and memory. */
final class Plan implements CompiledPass {
  /** Input sizes whose memory is kept, evaluating; training, it is that of the last one. */
  private static final int SIZES = 4;

  private static final Request FORWARD = Request.of(List.of());

  private final Graph graph;
  private final String input;
  private final PackedWeights weights = new PackedWeights();
  private final Deque<Memory> memories = new ConcurrentLinkedDeque<>();

  /** By the shapes of the values that a pass starts from. */
  private final Map<Map<Integer, Shape>, Size> sizes;

  /** What one kind of pass is asked for. */
  private record Kind(Request request, boolean backward) {}

  /** What is kept for one size of input. */
  private static final class Size {
    final Buffers buffers = new Buffers();
    final Map<Kind, Schedule> schedules = new ConcurrentHashMap<>();
  }

  Plan(Layer root, String input, boolean training) {
    this.graph = Graph.of(root, input, training);
    this.input = input;
    int kept = training ? 1 : SIZES;
    this.sizes =
        new LinkedHashMap<>(kept, 1, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Map<Integer, Shape>, Size> eldest) {
            return size() > kept;
          }
        };
  }

  @Override
  public INDArray forward(INDArray x) {
    return forward(Map.of(0, Shape.of(x)), Map.of(0, x));
  }

  @Override
  public INDArray forward(Map<String, INDArray> given) {
    Map<Integer, Shape> shapes = new HashMap<>();
    Map<Integer, INDArray> arrays = new HashMap<>();
    given.forEach(
        (path, array) -> {
          int value = graph.point(path).value();
          shapes.put(
              value,
              graph.isFeatures(value)
                  ? Shape.features((int) array.size(0), (int) array.size(1))
                  : Shape.of(array));
          arrays.put(value, array);
        });
    return forward(Map.copyOf(shapes), arrays);
  }

  private INDArray forward(Map<Integer, Shape> shapes, Map<Integer, INDArray> arrays) {
    Size size = size(shapes);
    Memory memory = memory();
    Schedule schedule = schedule(size, shapes, Set.of(), new Kind(FORWARD, false), memory);
    Forward pass = new Forward(schedule, size.buffers, memory, Threads.shared(), null);
    try {
      arrays.forEach(pass::give);
      pass.run();
      return Border.featureArray(pass.logits());
    } finally {
      pass.close();
      memories.addFirst(memory);
    }
  }

  @Override
  public void run(INDArray x, Trace trace) {
    Request request = trace.demand().request();
    Map<Integer, Shape> shapes = Map.of(0, Shape.of(x));
    Size size = size(shapes);
    Set<String> points = new TreeSet<>(request.points());
    Set<Integer> asked =
        points.stream().map(point -> graph.point(point).value()).collect(Collectors.toSet());
    Memory memory = memory();
    Schedule schedule = schedule(size, shapes, asked, new Kind(request, true), memory);
    Forward pass =
        new Forward(
            schedule,
            size.buffers,
            memory,
            Threads.shared(),
            trace.isTraining() ? trace.random() : null);
    trace.hold(0, pass::close);
    pass.give(0, x);
    pass.run();
    memories.addFirst(memory);
    trace.hold(pass.bytes(), () -> {});
    for (String point : points) {
      if (point.equals(input)) {
        trace.borrow(x);
        trace.offer(point, () -> x);
      } else {
        Graph.Point at = graph.point(point);
        Blocked value = pass.value(at.value());
        Shape of = schedule.shape(at.value());
        trace.offer(point, () -> array(value, of, at));
        if (!of.features()) {
          trace.offer(point, new BlockedFeatureMaps(value, Threads.shared()));
        }
      }
    }
    trace.finish(Border.featureArray(pass.logits()));
    trace.attach((Backward) (dLogits, gradients) -> back(pass, points, dLogits, gradients));
  }

  private void back(Forward pass, Set<String> points, INDArray dLogits, Gradients gradients) {
    Memory memory = memory();
    io.camjar.engine.plan.Backward backward =
        new io.camjar.engine.plan.Backward(pass, memory, gradients);
    gradients.hold(0, backward::close);
    Border.fillFeatures(dLogits, backward.logits());
    backward.run();
    memories.addFirst(memory);
    gradients.hold(backward.bytes(), () -> {});
    for (String point : points) {
      Graph.Point at = graph.point(point);
      Shape shape = pass.schedule().shape(at.value());
      Blocked gradient = backward.gradient(at.value());
      gradients.offer(point, () -> array(gradient, shape, at));
      if (!shape.features()) {
        gradients.offer(point, new BlockedFeatureMaps(gradient, Threads.shared()));
      }
    }
  }

  private Schedule schedule(
      Size size, Map<Integer, Shape> given, Set<Integer> asked, Kind kind, Memory memory) {
    return size.schedules.computeIfAbsent(
        kind, k -> new Schedule(graph, given, asked, k.request(), k.backward(), weights, memory));
  }

  private Memory memory() {
    Memory memory = memories.pollFirst();
    return memory == null ? new Memory() : memory;
  }

  private Size size(Map<Integer, Shape> shapes) {
    synchronized (sizes) {
      return sizes.computeIfAbsent(shapes, s -> new Size());
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
