package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.PooledClassifier;
import java.util.Optional;

/**
 * Class activation mapping, the original: the last activations weighted by the class's row of the
 * linear layer. Only where nothing but global average pooling lies between the two.
 *
 * <p>Zhou et al. 2016, arXiv 1512.04150. For a score other than a logit the weights are the linear
 * layer's rows, each times the score's derivative with respect to its logit.
 */
final class LinearHeadCam implements WeightedCam {
  @Override
  public String name() {
    return "cam";
  }

  @Override
  public boolean usesGradients() {
    return false;
  }

  @Override
  public boolean suits(Network network) {
    return network.pooledClassifier().isPresent();
  }

  @Override
  public Optional<String> refusal(Network network, String layer) {
    Optional<PooledClassifier> classifier = network.pooledClassifier();
    if (classifier.isEmpty()) {
      return Optional.of(
          ("cam reads its weights from a head of pooling and one linear layer, but this network's"
                  + " head is %s; use gradcam")
              .formatted(network.architecture().headLabel()));
    }
    int pooled = classifier.get().value();
    if (network.graph().value(layer) == pooled) {
      return Optional.empty();
    }
    String last = name(network, pooled);
    return Optional.of(
        "cam weights what the linear layer pools, the output of %s, not %s; ask for layer %s"
            .formatted(last, layer, last));
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    Network network = subject.network();
    CamjarException.throwIf(refusal(network, sample.layer()));
    PooledClassifier classifier = network.pooledClassifier().orElseThrow();
    float[] rows = HostCopy.floats(network.parameters().get(classifier.weight()));
    float[] upstream = subject.score().gradient(subject.logits());
    double[] weights = new double[sample.channels()];
    for (int k = 0; k < upstream.length; k++) {
      if (upstream[k] != 0) {
        for (int c = 0; c < weights.length; c++) {
          weights[c] += (double) upstream[k] * rows[k * weights.length + c];
        }
      }
    }
    return weights;
  }

  /** The block that a value comes from, if it has one. */
  private static String name(Network network, int value) {
    return network.points().blocks().stream()
        .map(Point::path)
        .filter(path -> network.graph().value(path) == value)
        .findFirst()
        .orElseGet(() -> network.graph().name(value));
  }
}
