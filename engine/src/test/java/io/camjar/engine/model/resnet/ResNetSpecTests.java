package io.camjar.engine.model.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.UnknownNameException;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.op.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetSpecTests {

  /** The counts are those of torchvision 0.14's networks, batch norms' statistics included. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 11699112",
    "resnet50, 25610152",
    "wide_resnet50_2, 68951464",
    "wide_resnet101_2, 127024552"
  })
  void namesAreTheNetworksOfTorchvision(String name, long values) {
    ResNetSpec spec = ResNetSpec.named(name, new LinearHead(1000));

    assertThat(spec.name()).isEqualTo(name);
    assertThat(
            spec.graph().layerShapes(Shape.of(1, 3, 224, 224)).stream()
                .mapToLong(LayerShape::parameters)
                .sum())
        .isEqualTo(values);
  }

  @Test
  void anUnknownNameHasTheNearest() {
    assertThatThrownBy(() -> ResNetSpec.named("wide_resnet50", new LinearHead(2)))
        .isInstanceOfSatisfying(
            UnknownNameException.class,
            e -> assertThat(e.nearest()).containsExactly("wide_resnet50_2"))
        .hasMessageContaining("unknown architecture 'wide_resnet50', expected one of resnet18");
  }
}
