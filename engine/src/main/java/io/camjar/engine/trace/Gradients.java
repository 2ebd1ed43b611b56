package io.camjar.engine.trace;

import io.camjar.engine.CamjarException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One backward pass over a {@link Trace}: the gradients that were asked for, by path.
 *
 * <p>A trace may be walked back several times, for several classes say; each walk has gradients of
 * its own. Closing frees them; the trace stays open.
 */
public final class Gradients extends Arena {
  private final Map<String, INDArray> points = new LinkedHashMap<>();
  private final Map<String, Supplier<INDArray>> offered = new LinkedHashMap<>();
  private final Map<String, FeatureMaps> maps = new HashMap<>();
  private final Map<String, INDArray> parameters = new LinkedHashMap<>();

  /**
   * Keeps the gradient that reached a layer's output if it was asked for; called by every layer.
   */
  public void record(Trace trace, String path, INDArray gradient) {
    if (trace.demand().wants(path)) {
      keep(gradient);
      points.put(path, gradient);
    }
  }

  /** Keeps a gradient that was asked for elsewhere, to be made an array when it is looked at. */
  public void offer(String path, Supplier<INDArray> gradient) {
    offered.put(path, gradient);
  }

  /** Keeps the gradient of a point's feature maps where it is. */
  public void offer(String path, FeatureMaps gradient) {
    maps.put(path, gradient);
  }

  /** Hands over the gradient of a parameter. */
  public void parameter(String name, INDArray gradient) {
    keep(gradient);
    parameters.put(name, gradient);
  }

  /**
   * The gradient with respect to the output of a point, of the output's shape; freed with this.
   *
   * @throws CamjarException if the point was not asked for
   */
  public INDArray get(String path) {
    requireOpen("the gradient of " + path);
    Supplier<INDArray> offer = offered.remove(path);
    if (offer != null) {
      INDArray made = offer.get();
      keep(made);
      points.put(path, made);
    }
    return find(points, path);
  }

  /**
   * The gradient with respect to the output of a point as feature maps, without making an array of
   * it.
   *
   * @throws CamjarException if the point was not asked for
   */
  public FeatureMaps featureMaps(String path) {
    requireOpen("the gradient of " + path);
    return maps.computeIfAbsent(path, p -> ArrayFeatureMaps.of(get(p)));
  }

  /**
   * The gradient with respect to a parameter, such as {@code layer1.0.conv1.weight}.
   *
   * @throws CamjarException if gradients of parameters were not asked for
   */
  public INDArray parameter(String name) {
    return find(parameters, name);
  }

  /** Names of the parameters that have a gradient. */
  public Set<String> parameterNames() {
    return Set.copyOf(parameters.keySet());
  }

  private INDArray find(Map<String, INDArray> gradients, String name) {
    requireOpen("the gradient of " + name);
    INDArray gradient = gradients.get(name);
    if (gradient == null) {
      throw new CamjarException(
          "the gradient of %s was not asked for, asked for were %s"
              .formatted(name, gradients.keySet()));
    }
    return gradient;
  }
}
