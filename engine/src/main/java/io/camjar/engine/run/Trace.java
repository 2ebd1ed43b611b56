package io.camjar.engine.run;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward pass over one batch: the activations that were asked for, by path, and what a
 * backward needs.
 *
 * <p>A network holds parameters only; everything a pass caches is here, so one network serves many
 * passes at once. A trace itself belongs to one thread at a time. Closing it frees its memory,
 * including the arrays it handed out.
 */
public final class Trace implements AutoCloseable {
  /** The result of a classifier. */
  public static final String LOGITS = "logits";

  private final String backend;
  private final Map<String, Integer> outputs;
  private final Map<String, Integer> points;
  private final Forward<?> pass;
  private final Kept kept;
  private final Kept results;

  /**
   * What a forward left.
   *
   * @param backend the name of the backend that ran it
   * @param outputs the graph's results
   * @param points paths that were asked for and the graph's values they name
   */
  Trace(
      String backend, Map<String, Integer> outputs, Map<String, Integer> points, Forward<?> pass) {
    this.backend = backend;
    this.outputs = outputs;
    this.points = points;
    this.pass = pass;
    boolean shared = pass.schedule().layout().sharesArrays();
    this.kept = new Kept("the activation", points, pass, shared);
    this.results = new Kept("the output", outputs, pass, shared);
  }

  /** The paths whose activations can be asked for. */
  public Set<String> points() {
    return new TreeSet<>(points.keySet());
  }

  /** The name of the backend that ran the pass. */
  public String backend() {
    return backend;
  }

  /** Logits, the scores before softmax, {@code [N, classes]}; freed with the trace. */
  public INDArray logits() {
    return output(LOGITS);
  }

  /**
   * A result of a network that has several; freed with the trace.
   *
   * @throws io.camjar.engine.CamjarException if there is none of this name
   */
  public INDArray output(String name) {
    return results.array(name);
  }

  /**
   * The output of a point that was asked for, {@code [N, C, H, W]} or {@code [N, F]}; freed with
   * the trace.
   *
   * @throws io.camjar.engine.CamjarException if the point was not asked for
   */
  public INDArray activation(String path) {
    return kept.array(path);
  }

  /**
   * The output of a point that was asked for as feature maps, without making an array of it.
   *
   * @throws io.camjar.engine.CamjarException if the point was not asked for
   */
  public FeatureMaps featureMaps(String path) {
    return kept.featureMaps(path);
  }

  /** Bytes of all that is kept so far. */
  public long keptBytes() {
    return pass.bytes() + kept.bytes() + results.bytes();
  }

  /**
   * Runs back from the gradients of results, no deeper than the deepest point or parameter that was
   * asked for. May be called several times, for several classes say; the caller closes the
   * gradients.
   *
   * @param outputGradients gradients with respect to results, by name and of their shapes, borrowed
   * @throws io.camjar.engine.CamjarException if there are none, or there is no such result
   * @throws io.camjar.engine.ShapeException if one has another shape than its result
   */
  public Gradients backward(Map<String, INDArray> outputGradients) {
    results.requireOpen("a backward");
    return Gradients.of(pass, points, outputs, outputGradients);
  }

  @Override
  public void close() {
    if (!kept.isClosed()) {
      kept.close();
      results.close();
      pass.close();
    }
  }
}
