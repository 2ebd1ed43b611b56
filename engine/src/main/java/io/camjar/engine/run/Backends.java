package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the backend of a graph. */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Sizes of input whose memory is kept, evaluating; training, it is that of the last one. */
  private static final int SIZES = 4;

  private Backends() {}

  /**
   * A session of the graph on the first backend that can run it; the log tells what one of higher
   * priority lacks.
   *
   * @param parameters the graph's, by full name; borrowed
   * @param training as {@link Backend#lower} has it
   */
  public static Session<?> open(Graph graph, Map<String, INDArray> parameters, boolean training) {
    return open(choose(graph, parameters), graph, parameters, training);
  }

  /**
   * The same for passes that {@link Backend#lowerLearning} is for.
   *
   * @param parameters the graph's, by full name; borrowed
   */
  public static Session<?> openLearning(Graph graph, Map<String, INDArray> parameters) {
    Backend backend = choose(graph, parameters);
    return session(backend.name(), backend.lowerLearning(graph, parameters), false);
  }

  private static Backend choose(Graph graph, Map<String, INDArray> parameters) {
    for (Backend backend : available()) {
      Optional<String> lacking = backend.lacks(graph, parameters);
      if (lacking.isEmpty()) {
        return backend;
      }
      LOG.info("the {} backend {}", backend.name(), lacking.get());
    }
    throw new IllegalStateException("the jar lists no backend that runs every graph");
  }

  /** A session of the graph on this backend. */
  public static Session<?> open(
      Backend backend, Graph graph, Map<String, INDArray> parameters, boolean training) {
    return session(backend.name(), backend.lower(graph, parameters, training), training);
  }

  private static <T> Session<T> session(String name, Lowered<T> lowered, boolean training) {
    return new Session<>(name, lowered, training ? 1 : SIZES);
  }

  private static List<Backend> available() {
    return ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(Backend::isAvailable)
        .sorted(Comparator.comparingInt(Backend::priority).reversed())
        .toList();
  }
}
