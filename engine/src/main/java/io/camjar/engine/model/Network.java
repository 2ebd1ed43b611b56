package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.nn.BatchNorm;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.nn.LayerShape;
import io.camjar.engine.nn.Parameters;
import io.camjar.engine.nn.Sequential;
import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Request;
import io.camjar.engine.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A ResNet with its parameters.
 *
 * <p>Immutable in evaluation and shared by all threads: whatever a pass caches is in its {@link
 * Trace}. Pictures are float32 {@code [N, C, H, W]}, c order; any size whose last map is not empty.
 */
public final class Network implements AutoCloseable {
  private static final int PROBE_SIDE = 224;

  /** A pass and the version of the parameters that it was compiled from. */
  private record Compiled(long version, Optional<CompiledPass> pass) {}

  private final ResNetSpec spec;
  private final Sequential root;
  private final DataType type;
  private final Points points;
  private final Map<Request, Demand> demands = new ConcurrentHashMap<>();
  private volatile @Nullable Compiled compiled;

  /** Counts changes of the parameters: a compiled pass has copies of those of one version. */
  private final AtomicLong version = new AtomicLong();

  /** The last shape of pictures that was found to fit. */
  private volatile long @Nullable [] fitting;

  private volatile @Nullable Optional<CompiledPass> training;
  private volatile boolean closed;

  private Network(ResNetSpec spec, Sequential root) {
    this.spec = spec;
    this.root = root;
    this.type = parameters().values().iterator().next().dataType();
    this.points = Points.of(spec, shapes(1, PROBE_SIDE, PROBE_SIDE));
  }

  /**
   * Builds the network; it owns the arrays that it is given.
   *
   * @throws CamjarException if a parameter is missing or has another shape
   */
  public static Network of(ResNetSpec spec, Parameters parameters) {
    return new Network(spec, NetworkBuilder.build(spec, parameters));
  }

  /** What kind of network this is. */
  public ResNetSpec spec() {
    return spec;
  }

  /** Every point whose activation and gradient can be asked for. */
  public Points points() {
    return points;
  }

  /** Every layer with its shapes for a picture of this size, in data-flow order. */
  public List<LayerShape> shapes(int batch, int height, int width) {
    List<LayerShape> shapes = new ArrayList<>();
    root.outputShape(new long[] {batch, spec.inChannels(), height, width}, shapes::add);
    return shapes;
  }

  /**
   * All parameters and buffers by canonical name; the network's own arrays, to be read. Whoever
   * changes them does so inside {@link #update}.
   */
  public Map<String, INDArray> parameters() {
    Map<String, INDArray> parameters = new LinkedHashMap<>();
    collect(root, parameters);
    return parameters;
  }

  /**
   * Changes parameters; passes that begin afterwards see the change. No pass may be under way.
   *
   * @param change given all parameters and buffers by canonical name, whose values it may set
   */
  public void update(Consumer<Map<String, INDArray>> change) {
    try {
      change.accept(parameters());
    } finally {
      version.incrementAndGet();
    }
  }

  private static void collect(Layer layer, Map<String, INDArray> into) {
    into.putAll(layer.parameters());
    layer.children().forEach(child -> collect(child, into));
  }

  /**
   * Scores before softmax, {@code [N, classes]}; the caller closes them.
   *
   * @param x pictures {@code [N, C, H, W]}, borrowed
   * @throws CamjarException if the shape does not fit
   */
  public INDArray forward(INDArray x) {
    CompiledPass pass = compiledFor(x);
    if (pass != null) {
      return pass.forward(x);
    }
    try (Trace trace = Trace.evaluating(Demand.nothing(), Kernels.active())) {
      run(x, trace);
      return trace.logits().dup('c');
    }
  }

  /**
   * Runs the images forward in evaluation mode, keeping the activations of these points and what a
   * backward to them needs; the caller closes the trace.
   *
   * @param x images {@code [N, C, H, W]}, borrowed
   * @param names paths or aliases
   * @throws CamjarException if a name is unknown or the shape does not fit
   */
  public Trace trace(INDArray x, Collection<String> names) {
    return trace(x, Request.of(names));
  }

  /** As {@link #trace(INDArray, Request)}, of a request that evaluates. */
  public Trace trace(INDArray x, Collection<String> names, Kernels kernels) {
    return trace(x, Request.of(names), kernels);
  }

  /**
   * Runs the images forward as a request that evaluates asks for; the caller closes the trace.
   *
   * @param x images {@code [N, C, H, W]}, borrowed
   * @throws CamjarException if a name is unknown or the shape does not fit
   */
  public Trace trace(INDArray x, Request request) {
    requireMode(request, false);
    CompiledPass pass = compiledFor(x);
    return pass == null
        ? trace(x, request, Kernels.active())
        : run(pass, x, Trace.evaluating(demand(request), Kernels.active()));
  }

  /** As the other with the arithmetic chosen by the caller, layer by layer. */
  public Trace trace(INDArray x, Request request, Kernels kernels) {
    requireMode(request, false);
    return run(x, Trace.evaluating(demand(request), kernels));
  }

  /** The compiled pass, or null where the layers themselves have to run. */
  private @Nullable CompiledPass compiledFor(INDArray x) {
    requirePictures(x);
    if (x.dataType() != DataType.FLOAT) {
      return null;
    }
    if (!Arrays.equals(x.shape(), fitting)) {
      root.outputShape(x.shape(), shape -> {}); // refuses what does not fit
      fitting = x.shape();
    }
    return evaluating();
  }

  private @Nullable CompiledPass evaluating() {
    long wanted = version.get();
    Compiled found = compiled;
    if (found == null || found.version != wanted) {
      synchronized (demands) {
        found = compiled;
        if (found == null || found.version != wanted) {
          compiled = null; // its weights are free before others are packed
          found = new Compiled(wanted, compile(false));
          compiled = found;
        }
      }
    }
    return found.pass.orElse(null);
  }

  /**
   * Runs the images forward as in training: batch norms use and update statistics, dropout drops,
   * and the backward yields the gradients of all parameters. One thread at a time.
   *
   * @param random what dropout draws from
   */
  public Trace traceTraining(INDArray x, Collection<String> names, SplittableRandom random) {
    return traceTraining(x, Request.training().withPoints(names), random);
  }

  /** As the other, as a request that trains asks for. */
  public Trace traceTraining(INDArray x, Request request, SplittableRandom random) {
    requireMode(request, true);
    requireTrainable(x);
    CompiledPass pass = x.dataType() == DataType.FLOAT ? training() : null;
    if (pass == null) {
      return traceTraining(x, request, random, Kernels.active());
    }
    version.incrementAndGet(); // batch norms update their statistics
    return run(pass, x, Trace.training(demand(request), Kernels.active(), random));
  }

  /** As the other with the arithmetic chosen by the caller, layer by layer. */
  public Trace traceTraining(
      INDArray x, Request request, SplittableRandom random, Kernels kernels) {
    requireMode(request, true);
    requireTrainable(x);
    version.incrementAndGet(); // batch norms update their statistics
    return run(x, Trace.training(demand(request), kernels, random));
  }

  private @Nullable CompiledPass training() {
    Optional<CompiledPass> found = training;
    if (found == null) {
      found = compile(true);
      training = found;
    }
    return found.orElse(null);
  }

  private Optional<CompiledPass> compile(boolean trains) {
    return compiler().flatMap(compiler -> compiler.compile(root, Points.INPUT, trains));
  }

  private static Optional<CompiledPass.Compiler> compiler() {
    return ServiceLoader.load(CompiledPass.Compiler.class, Network.class.getClassLoader())
        .findFirst();
  }

  /**
   * The part of the network behind a point, to see what changes there do to the scores.
   *
   * @param name path or alias
   * @throws CamjarException if the name is unknown
   */
  public Tail tail(String name) {
    return Tail.of(
        root,
        points.resolve(name).path(),
        x -> x.dataType() == DataType.FLOAT ? evaluating() : null);
  }

  /**
   * Runs a trace back from the gradient of the scores, no deeper than the deepest point that was
   * traced; may be called several times for one trace, for several classes say. The caller closes
   * the gradients.
   *
   * @param dLogits gradient with respect to the scores, {@code [N, classes]}, borrowed
   * @throws CamjarException if its shape is not that of the scores
   */
  public Gradients backward(Trace trace, INDArray dLogits) {
    if (!Arrays.equals(dLogits.shape(), trace.logits().shape())) {
      throw new CamjarException(
          "the gradient of the scores has shape %s, expected %s"
              .formatted(
                  Arrays.toString(dLogits.shape()), Arrays.toString(trace.logits().shape())));
    }
    Gradients gradients = new Gradients();
    try {
      gradients.borrow(dLogits);
      if (trace.attached() instanceof CompiledPass.Backward compiledBackward) {
        compiledBackward.run(dLogits, gradients);
        return gradients;
      }
      INDArray dx = root.backward(dLogits, trace, gradients);
      if (dx != null) {
        gradients.record(trace, Points.INPUT, dx);
        gradients.release(dx);
      }
      return gradients;
    } catch (RuntimeException e) {
      gradients.close();
      throw e;
    }
  }

  private Trace run(INDArray x, Trace trace) {
    try {
      requirePictures(x);
      trace.borrow(x);
      trace.record(Points.INPUT, x);
      trace.finish(root.forward(x, trace));
      return trace;
    } catch (RuntimeException e) {
      trace.close();
      throw e;
    }
  }

  private static Trace run(CompiledPass pass, INDArray x, Trace trace) {
    try {
      pass.run(x, trace);
      return trace;
    } catch (RuntimeException e) {
      trace.close();
      throw e;
    }
  }

  private Demand demand(Request request) {
    return demands.computeIfAbsent(
        new Request(
            paths(request.points()), request.train(), paths(request.frozen()), request.guided()),
        resolved -> {
          Demand.Builder demand = new Demand.Builder(resolved);
          root.demand(resolved.points().contains(Points.INPUT), demand);
          return demand.build();
        });
  }

  private Set<String> paths(Collection<String> names) {
    Set<String> paths = new TreeSet<>();
    names.forEach(name -> paths.add(points.resolve(name).path()));
    return paths;
  }

  private static void requireMode(Request request, boolean training) {
    if (request.train() != training) {
      throw new IllegalArgumentException(
          training
              ? "a request that evaluates was given where one that trains is wanted"
              : "a request that trains was given where one that evaluates is wanted");
    }
  }

  /** Refuses what does not fit while all statistics are still what they were. */
  private void requireTrainable(INDArray x) {
    requirePictures(x);
    root.outputShape(x.shape(), BatchNorm::requireTrainable);
  }

  private void requirePictures(INDArray x) {
    if (closed) {
      throw new CamjarException(
          "this %s is closed and its parameters are freed; build or load it again"
              .formatted(spec.name()));
    }
    if (x.rank() != 4 || x.size(0) < 1 || x.size(1) != spec.inChannels()) {
      throw new CamjarException(
          "%s expects pictures of shape [N, %d, H, W], found %s"
              .formatted(spec.name(), spec.inChannels(), Arrays.toString(x.shape())));
    }
    if (x.dataType() != type) {
      throw new CamjarException(
          "%s has %s parameters and expects pictures of that type, found %s; use castTo(DataType.%s)"
              .formatted(spec.name(), type, x.dataType(), type));
    }
  }

  /** Frees the parameters; the network cannot be used afterwards. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    compiled = null;
    parameters().values().forEach(INDArray::close);
  }
}
