package io.camjar.gradcam.metric;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.PixelGradient;
import io.camjar.gradcam.render.MapResize;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures the maps of several methods on one image after the other.
 *
 * <p>Explained is the class that the network predicts, and scores are its share after softmax or
 * sigmoid, or its raw output where there are no shares; the map is the first layer's of the
 * explainer, at the resolution of the network's input, as pytorch-grad-cam returns it.
 */
public final class Faithfulness {
  private final Network network;
  private final Explainer explainer;
  private final DeletionInsertion curves;
  private final Road road;

  /**
   * Measures of these kinds.
   *
   * @param explainer with the layer and the preprocessing; its method is not used
   */
  public Faithfulness(Network network, Explainer explainer, DeletionInsertion curves, Road road) {
    this.network = network;
    this.explainer = explainer;
    this.curves = curves;
    this.road = road;
  }

  /** An image that is ready to be measured; holds memory that has to be freed. */
  public final class PreparedImage implements AutoCloseable {
    private final RgbImage picture;
    private final Box region;
    private final INDArray input;
    private final float[] values;
    private final Prediction predicted;
    private final Target target;
    private final Scorer scorer;

    private PreparedImage(RgbImage picture) {
      this.picture = picture;
      Preprocessed prepared = explainer.preset().apply(picture);
      this.region = prepared.region();
      this.input = prepared.toINDArray();
      this.values = HostCopy.floats(input);
      try (INDArray logits = network.forward(input)) {
        this.predicted = explainer.readout().predicted(HostCopy.floats(logits));
        this.target = Target.index(predicted.target().index());
        this.scorer =
            new Scorer(
                network,
                explainer.readout().measured(predicted.target().index()),
                (int) input.size(1),
                prepared.height(),
                prepared.width());
      } catch (RuntimeException e) {
        input.close();
        throw e;
      }
    }

    /** The class that is explained. */
    public Prediction predicted() {
      return predicted;
    }

    /**
     * All figures of one method's map; empty if the map is not finite.
     *
     * @param boxes around the objects, in the image's pixels; empty if unknown
     */
    public Map<Metric, Double> measure(CamMethod method, List<Box> boxes) {
      Map<Metric, Double> figures = new EnumMap<>(Metric.class);
      Explanation explanation = explain(explainer.withMethod(method), input);
      CamMap map = explanation.maps().get(0);
      if (map.status() == MapStatus.NON_FINITE) {
        return figures;
      }
      float[] shown = explanation.atInput(map);
      figures.put(Metric.DELETION, curves.deletion(scorer, values, shown));
      figures.put(Metric.INSERTION, curves.insertion(scorer, values, shown));
      Confidence confidence = Confidence.of(scorer, values, shown);
      figures.put(Metric.DROP, confidence.drop());
      figures.put(Metric.INCREASE, confidence.increase());
      figures.put(Metric.ROAD, road.scores(scorer, values, shown).combined());
      figures.put(Metric.COMPLEXITY, Coherency.complexity(shown));
      figures.put(Metric.COHERENCY, coherency(method, shown));
      if (!boxes.isEmpty()) {
        float[] onImage =
            MapResize.onto(map.toScaledMap(), region, picture.height(), picture.width());
        Localisation found = Localisation.of(onImage, picture.width(), boxes);
        figures.put(Metric.POINTING, found.hit() ? 1.0 : 0);
        figures.put(Metric.ENERGY, found.energy());
      }
      return figures;
    }

    private double coherency(CamMethod method, float[] shown) {
      try (INDArray masked = HostCopy.array(Masking.times(values, shown), input.shape())) {
        Explanation again = explain(explainer.withMethod(method), masked);
        return Coherency.coherency(shown, again.atInput(again.maps().get(0)));
      }
    }

    /** How a network, this one or one of its kind with random parts, explains the same class. */
    public ShownMap map(CamMethod method, Network other) {
      Explanation explanation = explain(explainer.withNetwork(other).withMethod(method), input);
      CamMap map = explanation.maps().get(0);
      return new ShownMap(
          map.pixels().map(PixelGradient::values).orElseGet(map::raw),
          explanation.atInput(map),
          scorer.height(),
          scorer.width());
    }

    private Explanation explain(Explainer way, INDArray shown) {
      return way.explain("image", shown, List.of(target));
    }

    @Override
    public void close() {
      input.close();
    }
  }

  /** Prepares an image; the caller closes it. */
  public PreparedImage prepare(RgbImage picture) {
    return new PreparedImage(picture);
  }
}
