package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuiltinModelTests {
  private final Checkpoint model = Checkpoints.builtin();

  @Test
  void isAResNet34OfWidth32WithTheHeadOfFastai1() {
    ResNetSpec spec = (ResNetSpec) model.requireArchitecture();
    assertThat(spec.name()).isEqualTo("resnet34");
    assertThat(spec.block()).isEqualTo(BlockKind.BASIC);
    assertThat(spec.width()).isEqualTo(32);
    assertThat(model.head()).isEqualTo("fastai1");
    assertThat(spec.classes()).isEqualTo(10);
  }

  @Test
  void knowsItsTenClasses() {
    assertThat(model.classes()).hasSize(10).contains("golf ball", "parachute");
    assertThat(model.normalization().orElseThrow().mean()).isEqualTo(List.of(0.485, 0.456, 0.406));
  }

  @Test
  void isStoredInHalfPrecision() {
    assertThat(model.format()).isEqualTo(CheckpointFormat.SAFETENSORS);
    assertThat(model.tensors().entries()).allMatch(tensor -> tensor.dtype() == DType.FLOAT16);
  }

  @Test
  void computesWhatPyTorchComputesFromTheSameHalves() {
    float[] logits = Fixtures.logits(model, 3);
    Fixtures.assertClose(logits, Fixtures.json("builtin-logits.json"));
  }
}
