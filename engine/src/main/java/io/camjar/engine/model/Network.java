package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.ShapeException;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.DropPath;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Shape;
import io.camjar.engine.parameter.ParameterStore;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Recent;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import io.camjar.engine.run.Watcher;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network: its graph with its parameters.
 *
 * <p>Immutable in evaluation and shared by all threads: whatever a pass caches is in its {@link
 * Trace}. Images are float32 {@code [N, C, H, W]}, c order; any size whose last map is not empty.
 */
public final class Network implements AutoCloseable {
  /** A session and the version of the parameters that it has copies of. */
  private record Versioned(long version, Session<?> session) {}

  /** Requests whose names are kept resolved. */
  private static final int REQUESTS = 256;

  private final Architecture architecture;
  private final Graph graph;
  private final ParameterStore parameters;
  private final DataType type;
  private final Points points;
  private final Recent<Request, Request> resolved = new Recent<>(REQUESTS);

  /** The networks that end with one exit, by its number. */
  private final Map<Integer, Network> single = new ConcurrentHashMap<>();

  /** Counts changes of the parameters. */
  private final AtomicLong version = new AtomicLong();

  private volatile @Nullable Versioned evaluating;
  private volatile @Nullable Session<?> learning;
  private volatile @Nullable Session<?> training;
  private volatile boolean closed;

  private Network(Architecture architecture, Graph graph, ParameterStore parameters) {
    this.architecture = architecture;
    this.graph = graph;
    this.parameters = parameters;
    this.type = parameters.type();
    InputSize usual = architecture.inputSize();
    this.points = Points.of(architecture, shapes(1, usual.height(), usual.width()));
  }

  /**
   * Builds the network; it owns the arrays that it is given.
   *
   * @throws CamjarException if a parameter is missing or has another shape, or they are of several
   *     types
   */
  public static Network of(Architecture architecture, Parameters parameters) {
    Graph graph = architecture.graph();
    return new Network(architecture, graph, graph.load(parameters));
  }

  /** What kind of network this is. */
  public Architecture architecture() {
    return architecture;
  }

  /** Its operations. */
  public Graph graph() {
    return graph;
  }

  /** Every point whose activation and gradient can be asked for. */
  public Points points() {
    return points;
  }

  /** Its classifier, if that is one linear layer on the means of feature maps. */
  public Optional<PooledClassifier> pooledClassifier() {
    return PooledClassifier.of(graph);
  }

  /** Every layer with its shapes for images of this size; a module follows what it holds. */
  public List<LayerShape> shapes(int batch, int height, int width) {
    return graph.layerShapes(Shape.of(batch, architecture.inChannels(), height, width));
  }

  /**
   * All parameters and buffers by canonical name; the network's own arrays, to be read. Whoever
   * changes them does so inside {@link #update}. Parameters of a file have no arrays until one is
   * asked for here: it is then read from the file, the same bit by bit, and stays.
   *
   * @throws CamjarException when an array is asked for, if its file was written over since
   */
  public Map<String, INDArray> parameters() {
    return parameters;
  }

  /**
   * Reads all parameters that are still in a file alone: from now on the file may change. They take
   * memory then in addition to what backends have laid out.
   *
   * @throws CamjarException if the file was written to since the network was built
   */
  public void readParameters() {
    requireOpen();
    parameters.readAll();
  }

  /**
   * What the network holds between passes, in bytes: arrays of its parameters, what the backend has
   * laid out of them and memory for activations. Parameters that are read from their file when they
   * are needed count nothing, nor does memory of devices or of the networks of single exits.
   */
  public MemoryUse memory() {
    MemoryUse all = new MemoryUse(parameters.bytes(), 0, 0, 0);
    Versioned evaluated = evaluating;
    if (evaluated != null) {
      all = all.plus(evaluated.session.memory());
    }
    for (Session<?> session : Arrays.asList(learning, training)) {
      if (session != null) {
        all = all.plus(session.memory());
      }
    }
    return all;
  }

  /**
   * Changes parameters; passes that begin afterwards see the change. No pass may be under way.
   *
   * @param change given all parameters and buffers by canonical name, whose values it may set
   */
  public void update(Consumer<Map<String, INDArray>> change) {
    try {
      change.accept(parameters);
    } finally {
      changed();
    }
  }

  private void changed() {
    version.incrementAndGet();
    single.clear(); // they have copies of the parameters
  }

  /**
   * Logits, the scores before softmax, {@code [N, classes]}; the caller closes them.
   *
   * @param x images {@code [N, C, H, W]}, borrowed
   * @throws ShapeException if the shape does not fit
   */
  public INDArray forward(INDArray x) {
    requireImages(x);
    return evaluating().forward(Map.of(Points.INPUT, x), Trace.LOGITS);
  }

  /**
   * Runs the images forward in evaluation mode, keeping the activations of these points and what a
   * backward to them needs; the caller closes the trace.
   *
   * @param x images {@code [N, C, H, W]}, borrowed as long as the trace is open
   * @param names paths or aliases
   * @throws CamjarException if a name is unknown or the shape does not fit
   */
  public Trace trace(INDArray x, Collection<String> names) {
    return trace(x, Request.of(names));
  }

  /**
   * Runs the images forward as a request that evaluates asks for; the caller closes the trace.
   *
   * @param x images {@code [N, C, H, W]}, borrowed as long as the trace is open
   * @throws CamjarException if a name is unknown or the shape does not fit
   */
  public Trace trace(INDArray x, Request request) {
    return trace(x, request, Watcher.NONE);
  }

  /**
   * The same, showing what the request watches.
   *
   * @param watcher is shown that, in the forward and in every backward of the trace
   */
  public Trace trace(INDArray x, Request request, Watcher watcher) {
    // Batch norms that are folded into convolutions have no gradients of their own.
    Session<?> session = request.learns() ? learning() : evaluating();
    return trace(x, request, session, null, watcher);
  }

  /** As the other, operation by operation on kernels that the caller chooses. */
  public Trace trace(INDArray x, Collection<String> names, Kernels kernels) {
    return trace(x, Request.of(names), kernels);
  }

  /** As the other, operation by operation on kernels that the caller chooses. */
  public Trace trace(INDArray x, Request request, Kernels kernels) {
    return trace(x, request, new ArrayBackend(kernels));
  }

  /** As the other, on a backend that the caller chooses. */
  public Trace trace(INDArray x, Request request, Backend backend) {
    return trace(x, request, on(backend, false), null, Watcher.NONE);
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
    return traceTraining(x, request, random, Watcher.NONE);
  }

  /**
   * The same, showing what the request watches.
   *
   * @param watcher is shown that, in the forward and in every backward of the trace
   */
  public Trace traceTraining(
      INDArray x, Request request, SplittableRandom random, Watcher watcher) {
    return trace(x, request, training(), random, watcher);
  }

  /** As the other, operation by operation on kernels that the caller chooses. */
  public Trace traceTraining(
      INDArray x, Request request, SplittableRandom random, Kernels kernels) {
    return traceTraining(x, request, random, new ArrayBackend(kernels));
  }

  /** As the other, on a backend that the caller chooses. */
  public Trace traceTraining(
      INDArray x, Request request, SplittableRandom random, Backend backend) {
    return trace(x, request, on(backend, true), random, Watcher.NONE);
  }

  private Trace trace(
      INDArray x,
      Request request,
      Session<?> session,
      @Nullable SplittableRandom random,
      Watcher watcher) {
    requireMode(request, random != null);
    requireImages(x);
    if (random != null) {
      requireTrainable(x, resolve(request));
      changed(); // batch norms update their statistics
    }
    return session.trace(Map.of(Points.INPUT, x), resolve(request), random, watcher);
  }

  private Session<?> evaluating() {
    requireOpen();
    long wanted = version.get();
    Versioned found = evaluating;
    if (found == null || found.version != wanted) {
      synchronized (resolved) {
        found = evaluating;
        if (found == null || found.version != wanted) {
          evaluating = null; // its weights are free before others are packed
          found = new Versioned(wanted, Backends.open(graph, parameters, false));
          evaluating = found;
        }
      }
    }
    return found.session;
  }

  private Session<?> learning() {
    requireOpen();
    Session<?> found = learning;
    if (found == null) {
      found = Backends.openLearning(graph, parameters);
      learning = found;
    }
    return found;
  }

  private Session<?> training() {
    requireOpen();
    Session<?> found = training;
    if (found == null) {
      found = Backends.open(graph, parameters, true);
      training = found;
    }
    return found;
  }

  private Session<?> on(Backend backend, boolean trains) {
    requireOpen();
    return Backends.open(backend, graph, parameters, trains);
  }

  /**
   * The part of the network behind a point, to see what changes there do to the logits.
   *
   * @param name path or alias
   * @throws CamjarException if the name is unknown
   */
  public Tail tail(String name) {
    return Tail.of(
        graph,
        points.resolve(name).path(),
        x -> x.dataType() == DataType.FLOAT ? evaluating() : on(new ArrayBackend(), false));
  }

  /**
   * Runs a trace back from the gradient of the logits, no deeper than the deepest point or
   * parameter that was asked for; may be called several times for one trace, for several classes
   * say. The caller closes the gradients.
   *
   * @param dLogits gradient with respect to the logits, {@code [N, classes]}, borrowed
   * @throws ShapeException if its shape is not that of the logits
   * @throws CamjarException if its type is not theirs
   */
  public Gradients backward(Trace trace, INDArray dLogits) {
    return backward(trace, Trace.LOGITS, dLogits);
  }

  /**
   * As the other, from one exit of several.
   *
   * @param dLogits gradient with respect to the logits of that exit, {@code [N, classes]}, borrowed
   * @throws ShapeException if its shape is not theirs
   * @throws CamjarException if its type is not theirs
   */
  public Gradients backward(Trace trace, Exit exit, INDArray dLogits) {
    return backward(trace, exit.output(), dLogits);
  }

  private static Gradients backward(Trace trace, String output, INDArray dLogits) {
    String found = Arrays.toString(dLogits.shape());
    String expected = Arrays.toString(trace.output(output).shape());
    if (!found.equals(expected)) {
      throw new ShapeException(
          "the gradient of the scores has shape %s, expected %s".formatted(found, expected),
          output,
          "backward",
          expected,
          found);
    }
    DataType type = trace.output(output).dataType();
    if (dLogits.dataType() != type) {
      throw new CamjarException(
          "the gradient of the scores is %s, but the scores are %s; use castTo(DataType.%s)"
              .formatted(dLogits.dataType(), type, type));
    }
    return trace.backward(Map.of(output, dLogits));
  }

  /**
   * The network that ends with one of its exits, with the same parameters: what lies behind that
   * exit is left out. It needs no closing; this network owns the parameters.
   *
   * @param number counted from 1
   * @throws CamjarException if there is no such exit
   */
  public Network exit(int number) {
    requireOpen();
    List<Exit> exits = architecture.exits();
    if (number < 1 || number > exits.size()) {
      throw new CamjarException(
          exits.isEmpty()
              ? "%s has one classifier and no exits to choose from".formatted(architecture.name())
              : "there is no exit %d: %s has %d, counted from 1"
                  .formatted(number, architecture.name(), exits.size()));
    }
    return single.computeIfAbsent(
        number,
        n -> {
          Architecture ending = new SingleExit(architecture, exits.get(n - 1));
          return new Network(ending, ending.graph(), parameters);
        });
  }

  /**
   * This network for images of another size: itself where it takes them; otherwise one whose
   * parameters are the same but for what belongs to a size, such as a vision transformer's position
   * embeddings. One of the two is to be closed; that frees what they share.
   *
   * @throws CamjarException if it has no such size
   */
  public Network resized(int height, int width) {
    requireOpen();
    if (architecture.inputSize().allows(height, width)) {
      return this;
    }
    Resized other = architecture.resized(height, width).orElseThrow(() -> otherSize(height, width));
    Map<String, long[]> shapes = other.architecture().parameterShapes();
    Map<String, INDArray> changed = new HashMap<>();
    other
        .parameters()
        .forEach(
            (name, change) -> {
              float[] held = parameters.containsKey(name) ? parameters.floats(name) : new float[0];
              changed.put(name, Tensors.of(change.apply(held), shapes.get(name)));
            });
    return new Network(
        other.architecture(), other.architecture().graph(), parameters.with(changed));
  }

  /**
   * This network with stochastic depth: training, branches of its residual blocks are left out of
   * single images. What it computes evaluating is the same. One of the two is to be closed; that
   * frees the parameters, which they share.
   *
   * @param p the probability of the last block's branch; those before it have less, as {@link
   *     DropPath} says
   * @throws CamjarException if it is not at least 0 and below 1, or there are no residual blocks
   */
  public Network withDropPath(double p) {
    requireOpen();
    return new Network(architecture, DropPath.in(graph, p), parameters);
  }

  private CamjarException otherSize(long height, long width) {
    InputSize size = architecture.inputSize();
    return new CamjarException(
        "%s takes images of %dx%d and no other size, found %dx%d"
            .formatted(architecture.name(), size.height(), size.width(), height, width));
  }

  private Request resolve(Request request) {
    return resolved.get(request, r -> r.renamed(name -> points.resolve(name).path()));
  }

  private static void requireMode(Request request, boolean trains) {
    if (request.train() != trains) {
      throw new IllegalArgumentException(
          trains
              ? "a request that evaluates was given where one that trains is wanted"
              : "a request that trains was given where one that evaluates is wanted");
    }
  }

  /** Refuses what does not fit while all statistics are still what they were. */
  private void requireTrainable(INDArray x, Request request) {
    List<@Nullable Shape> shapes = graph.shapes(Map.of(graph.value(Points.INPUT), Shape.of(x)));
    for (Layer layer : graph.layers()) {
      Shape in = shapes.get(layer.input());
      if (layer.node()
          && in != null
          && request.usesBatch(layer.path())
          && graph.nodes().get(layer.value()).op() instanceof BatchNorm norm) {
        norm.requireTrainable(layer.path(), in);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new CamjarException(
          "this %s is closed and its parameters are freed; build or load it again"
              .formatted(architecture.name()));
    }
  }

  private void requireImages(INDArray x) {
    requireOpen();
    if (x.rank() != 4 || x.size(0) < 1 || x.size(1) != architecture.inChannels()) {
      String expected = "[N, %d, H, W]".formatted(architecture.inChannels());
      String found = Arrays.toString(x.shape());
      throw new ShapeException(
          "%s expects images of shape %s, found %s".formatted(architecture.name(), expected, found),
          Points.INPUT,
          architecture.name(),
          expected,
          found);
    }
    InputSize size = architecture.inputSize();
    if (!size.allows(x.size(2), x.size(3))) {
      throw new ShapeException(
          "%s takes images of %dx%d and no other size, found %dx%d"
              .formatted(architecture.name(), size.height(), size.width(), x.size(2), x.size(3)),
          Points.INPUT,
          architecture.name(),
          "[N, %d, %d, %d]".formatted(architecture.inChannels(), size.height(), size.width()),
          Arrays.toString(x.shape()));
    }
    if (x.dataType() != type) {
      throw new CamjarException(
          "%s has %s parameters and expects images of that type, found %s; use castTo(DataType.%s)"
              .formatted(architecture.name(), type, x.dataType(), type));
    }
  }

  /** Frees the parameters; the network cannot be used afterwards. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Versioned evaluated = evaluating;
    Session<?> trained = training;
    evaluating = null;
    learning = null;
    training = null;
    single.values().forEach(ending -> ending.closed = true);
    if (evaluated != null) {
      evaluated.session.close();
    }
    if (trained != null) {
      trained.close();
    }
    parameters.close();
  }
}
