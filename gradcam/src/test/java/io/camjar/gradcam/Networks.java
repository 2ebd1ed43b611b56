package io.camjar.gradcam;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;

/** Small networks that compute healthy numbers and know nothing. */
public final class Networks {
  static final int WIDTH = 4;
  static final int CLASSES = 5;

  private Networks() {}

  /** ResNet-18 of base width 4 with torchvision's head. */
  static Network pooled() {
    return with(new LinearHead(CLASSES));
  }

  /** The same body with fastai's head, which pools the maximum next to the mean. */
  public static Network concatPooled() {
    return with(SequentialHead.fastai1(WIDTH << 3, CLASSES));
  }

  /** The same body without a classifier. */
  static Network headless() {
    return with(new NoHead());
  }

  /** As {@link #pooled()} with one parameter filled with a value. */
  static Network pooled(String parameter, float value) {
    Network network = pooled();
    network.update(parameters -> parameters.get(parameter).assign(value));
    return network;
  }

  private static Network with(HeadSpec head) {
    ResNetSpec spec = ResNetSpec.named("resnet18", head).withWidth(WIDTH);
    return Network.of(spec, new SyntheticParameters());
  }
}
