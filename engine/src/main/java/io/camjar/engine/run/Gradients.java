package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import io.camjar.engine.ShapeException;
import io.camjar.engine.op.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One backward pass over a {@link Trace}: the gradients that were asked for, by path.
 *
 * <p>A trace may be run back several times, for several classes say; each time has gradients of its
 * own. Closing frees them; the trace stays open. One thread at a time, as the trace.
 */
public final class Gradients implements AutoCloseable {
  private final Backward<?> pass;
  private final Kept kept;

  private Gradients(Backward<?> pass, Map<String, Integer> points) {
    this.pass = pass;
    this.kept = new Kept("the gradient", points, pass, pass.schedule().layout().sharesArrays());
  }

  /** Runs a forward back from the gradients of some results. */
  static <T> Gradients of(
      Forward<T> forward,
      Map<String, Integer> points,
      Map<String, Integer> outputs,
      Map<String, INDArray> outputGradients) {
    if (outputGradients.isEmpty()) {
      throw new CamjarException(
          "a backward starts from the gradient of at least one result, there are "
              + new TreeSet<>(outputs.keySet()));
    }
    Backward<T> pass = new Backward<>(forward, outputGradients.keySet());
    try {
      outputGradients.forEach(
          (name, gradient) -> {
            Integer value = outputs.get(name);
            if (value == null) {
              throw new CamjarException("the network has no output " + name);
            }
            requireShape(name, forward.shape(value), Shape.of(gradient));
            pass.start(value, gradient);
          });
      pass.run();
      return new Gradients(pass, points);
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  private static void requireShape(String name, Shape expected, Shape found) {
    if (!found.equals(expected)) {
      throw new ShapeException(
          "the gradient of %s has shape %s, expected %s".formatted(name, found, expected),
          name,
          "backward",
          expected.toString(),
          found.toString());
    }
  }

  /**
   * The gradient with respect to the output of a point, of the output's shape; freed with this.
   *
   * @throws CamjarException if the point was not asked for, or no result that the backward began
   *     with depends on it
   */
  public INDArray get(String path) {
    return kept.array(path);
  }

  /**
   * The gradient with respect to the output of a point as feature maps, without making an array of
   * it.
   *
   * @throws CamjarException as {@link #get}
   */
  public FeatureMaps featureMaps(String path) {
    return kept.featureMaps(path);
  }

  /**
   * The gradient with respect to a parameter, such as {@code layer1.0.conv1.weight}; freed with
   * this.
   *
   * @throws CamjarException if it was not asked for, or no result that the backward began with
   *     depends on it
   */
  public INDArray parameter(String name) {
    kept.requireOpen("the gradient of " + name);
    INDArray gradient = pass.parameter(name);
    if (gradient == null) {
      throw new CamjarException(
          "there is no gradient of %s: it was not asked for, or no result depends on it; there are those of %s"
              .formatted(name, pass.parameterNames()));
    }
    return gradient;
  }

  /**
   * Takes the values of a parameter's gradient without a copy, if they lie in an array of Java's:
   * this then has the gradient no more.
   *
   * @param other memory of the same length that is given for theirs
   * @return the values in c order, the caller's from now on; empty if they lie elsewhere
   */
  public Optional<float[]> exchange(String name, float[] other) {
    kept.requireOpen("the gradient of " + name);
    return Optional.ofNullable(pass.exchange(name, other));
  }

  /** Names of the parameters that have a gradient. */
  public Set<String> parameterNames() {
    return Set.copyOf(pass.parameterNames());
  }

  /** Bytes of all that is kept so far. */
  public long keptBytes() {
    return pass.bytes() + kept.bytes() + pass.parameterBytes();
  }

  @Override
  public void close() {
    if (!kept.isClosed()) {
      kept.close();
      pass.close();
    }
  }
}
