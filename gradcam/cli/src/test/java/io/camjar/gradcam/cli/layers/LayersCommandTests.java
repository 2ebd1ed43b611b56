package io.camjar.gradcam.cli.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code layers}: the points of a network and what they cost. */
class LayersCommandTests {
  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void weights() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
  }

  @Test
  void everyPointIsListedWithItsCost() {
    Run run = Run.of("layers", "--arch", "resnet34", "--size", "352");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("21,797,672 parameters")
        .containsPattern("stem +\\* +Sequential +64x88x88")
        .containsPattern("layer4\\.2 +\\* +BasicBlock +512x11x11")
        .containsPattern("layer2\\.0\\.downsample +Sequential +128x44x44")
        .contains("0.7.2", "layer-4 - conv-3", "first conv");
  }

  @Test
  void itIsTheBuiltInModelUnlessAskedOtherwise() {
    assertThat(Run.of("layers").out()).startsWith("resnet34, fastai1 head, 10 classes");
    assertThat(Run.of("layers", "--weights", weights.toString()).out())
        .startsWith("resnet18, torchvision head, 5 classes");
  }

  @Test
  void anArchitectureMayBeSpelledAsPeopleDo() {
    assertThat(Run.of("layers", "--arch", "ResNet-50").out()).contains("layer4.2.conv3");
  }
}
