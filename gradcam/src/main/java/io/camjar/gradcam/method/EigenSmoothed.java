package io.camjar.gradcam.method;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.target.Score;
import java.util.Optional;

/**
 * A method whose channels are projected on their first principal component instead of summed, which
 * takes noise away: pytorch-grad-cam's {@code eigen_smooth}. HiResCAM's guarantees are lost.
 */
record EigenSmoothed(SummedCam base) implements CamMethod {
  @Override
  public String name() {
    return base.name();
  }

  @Override
  public boolean usesGradients() {
    return base.usesGradients();
  }

  @Override
  public boolean classDiscriminative() {
    return base.classDiscriminative();
  }

  @Override
  public boolean suits(Network network) {
    return base.suits(network);
  }

  @Override
  public Optional<String> refusal(Network network, String layer) {
    return base.refusal(network, layer);
  }

  @Override
  public Optional<String> caution() {
    return base.caution();
  }

  @Override
  public Score score(Score asked, float[] logits) {
    return base.score(asked, logits);
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    float[] terms = base.terms(sample, subject);
    return RawMap.of(sample, FirstComponent.project(terms, sample.channels()));
  }
}
