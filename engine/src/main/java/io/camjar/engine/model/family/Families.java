package io.camjar.engine.model.family;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import java.util.List;
import java.util.stream.Stream;

/** Every family that camjar knows. */
public final class Families {
  private static final List<Family> ALL =
      List.of(
          new DenseNet.Members(),
          new MobileNetV2.Members(),
          new SqueezeNet.Members(),
          new VisionTransformer.Members(),
          new MsdNets(),
          VggSpec.family(),
          AlexNetSpec.family(),
          GoogLeNetSpec.family(),
          MobileNetV3Spec.family(),
          EfficientNetSpec.family(),
          RegNetSpec.family(),
          ConvNeXtSpec.family());

  private Families() {}

  /** All families but the ResNets, which {@link ResNetSpec} describes. */
  public static List<Family> all() {
    return ALL;
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return Stream.concat(
            ResNetSpec.names().stream(), ALL.stream().flatMap(family -> family.names().stream()))
        .toList();
  }

  /**
   * A published network on colour images.
   *
   * @param name one of {@link #names()}
   * @param classes how many it scores
   * @throws CamjarException if the name is unknown
   */
  public static Architecture named(String name, int classes) {
    HeadSpec head = new LinearHead(classes);
    return ALL.stream()
        .filter(family -> family.names().contains(name))
        .findFirst()
        .map(family -> family.member(name, classes))
        .orElseGet(() -> ResNetSpec.named(name, head));
  }
}
