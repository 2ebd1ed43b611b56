package io.camjar.gradcam.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.UnknownNameException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.Tensors;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.ImageException;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.report.HtmlReport;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a program that embeds camjar does, from a package of its own and with public names only. */
class EmbeddingTests {
  private static final int CLASSES = 4;
  private static final Network NETWORK =
      Network.of(
          ResNetSpec.named("resnet18", new LinearHead(CLASSES)).withWidth(4),
          new SyntheticParameters());
  private static final Explainer EXPLAINER =
      Explainer.of(NETWORK).withPreset(Preset.named("torchvision").withSize(64, 64));
  private static final BufferedImage IMAGE = striped();

  @TempDir Path folder;

  @AfterAll
  static void free() {
    NETWORK.close();
  }

  private static BufferedImage striped() {
    BufferedImage image = new BufferedImage(80, 70, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, x / 10 % 2 == 0 ? 0x3060c0 : y * 0x030201);
      }
    }
    return image;
  }

  @Test
  void anImageMayBeAFileItsBytesAStreamOrOneOfJavas() throws IOException {
    byte[] png = Png.encode(RgbImage.of(IMAGE));
    Path file = Files.write(folder.resolve("striped.png"), png);

    Explanation expected = EXPLAINER.explain(IMAGE);
    List<Explanation> others =
        List.of(
            EXPLAINER.explain(file),
            EXPLAINER.explain(png),
            EXPLAINER.explain(new ByteArrayInputStream(png)),
            EXPLAINER.explain(RgbImage.of(IMAGE)));

    assertThat(others)
        .allSatisfy(
            other -> {
              assertThat(other.logits()).isEqualTo(expected.logits());
              assertThat(other.maps().get(0).raw()).isEqualTo(expected.maps().get(0).raw());
            });
    assertThat(others.get(0).image()).isEqualTo(file.toString());
    assertThat(expected.image()).isEqualTo("image");
  }

  @Test
  void bytesThatAreNoImageAreRefused() {
    assertThatThrownBy(() -> EXPLAINER.explain(new byte[] {1, 2, 3}))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("image is not an image");
  }

  @Test
  void withoutATargetTheTopClassIsExplained() {
    Explanation explanation = EXPLAINER.explain(IMAGE);

    assertThat(explanation.targets()).containsExactly(explanation.top(1).get(0).target());
  }

  @Test
  void theOverlayIsAnImageOfJavasAtTheSizeOfTheImage() {
    Explanation explanation = EXPLAINER.explain(IMAGE);
    CamMap map = explanation.maps().get(0);

    BufferedImage overlay = explanation.overlay();
    BufferedImage heat = explanation.heatMap(map, ColorMap.MAGMA);

    assertThat(overlay.getWidth()).isEqualTo(80);
    assertThat(overlay.getHeight()).isEqualTo(70);
    assertThat(RgbImage.of(overlay))
        .isEqualTo(explanation.view(map).overlay(ColorMap.JET, 0.5))
        .isNotEqualTo(explanation.picture());
    assertThat(RgbImage.of(heat)).isEqualTo(explanation.view(map).heatMap(ColorMap.MAGMA));
  }

  @Test
  void aPreparedInputIsAnArrayOfFloats() {
    float[] values = new float[3 * 64 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
    }
    try (INDArray tensor = Tensors.of(values, 1, 3, 64, 64)) {
      Explanation explanation = EXPLAINER.explain("array", values, 64, 64);

      assertThat(explanation.logits())
          .isEqualTo(EXPLAINER.explain("array", tensor, List.of()).logits());
      assertThat(Tensors.floats(tensor)).isEqualTo(values);
    }
    assertThatThrownBy(() -> EXPLAINER.explain("array", values, 64, 65))
        .isInstanceOf(CamjarException.class)
        .hasMessage("a tensor of shape [1, 3, 64, 65] has 12480 values, found 12288");
  }

  @Test
  void thereIsAFactoryForEveryMethod() {
    Stream<CamMethod> made =
        Stream.of(
            CamMethod.gradCam(),
            CamMethod.hiResCam(),
            CamMethod.gradCamPlusPlus(),
            CamMethod.xGradCam(),
            CamMethod.layerCam(),
            CamMethod.gradCamElementwise(),
            CamMethod.eigenCam(),
            CamMethod.eigenGradCam(),
            CamMethod.scoreCam(),
            CamMethod.ablationCam(),
            CamMethod.finerCam(),
            CamMethod.cam(),
            CamMethod.meanActivation(),
            CamMethod.random(0),
            CamMethod.guidedBackprop(),
            CamMethod.guidedGradCam(),
            CamMethod.rollout(),
            CamMethod.gradientRollout(),
            CamMethod.attentionCam(),
            CamMethod.leGrad());

    assertThat(made.map(CamMethod::name)).containsExactlyElementsOf(CamMethods.names());
  }

  /** The largest activation of all channels, weighted by how much the score asks for it. */
  static final class LargestActivation implements CamMethod {
    @Override
    public String name() {
      return "largest-activation";
    }

    @Override
    public RawMap map(LayerSample sample, Subject subject) {
      double[] means = sample.gradientMeans();
      float[] activations = sample.activations();
      float[] largest = new float[sample.cells()];
      for (int i = 0; i < activations.length; i++) {
        if (means[i / largest.length] > 0) {
          int cell = i % largest.length;
          largest[cell] = Math.max(largest[cell], activations[i]);
        }
      }
      return RawMap.of(sample, largest);
    }
  }

  @Test
  void aMethodOfOnesOwnIsExplainedAndRecordedAsAnyOther() {
    Explanation explanation = EXPLAINER.withMethod(new LargestActivation()).explain(IMAGE);

    CamMap map = explanation.maps().get(0);
    assertThat(explanation.method()).isEqualTo("largest-activation");
    assertThat(explanation.toJson()).contains("\"method\" : \"largest-activation\"");
    assertThat(map.min()).isNotNegative();
    assertThat(map.raw()).isNotEqualTo(EXPLAINER.explain(IMAGE).maps().get(0).raw());
  }

  @Test
  void recordAndPageTakeOneCallEach() throws IOException {
    Explanation explanation = EXPLAINER.explain(IMAGE, Target.top1());
    Path page = folder.resolve("page.html");

    HtmlReport.write(explanation, page);

    assertThat(explanation.toJson()).contains("\"version\" : \"1.2\"").contains("\"maps\" : [");
    assertThat(Files.readString(page))
        .startsWithIgnoringCase("<!doctype html>")
        .contains("explained");
  }

  @Test
  void onTheFastKernelsThereIsNothingToSay() {
    Explanation explanation = EXPLAINER.explain(IMAGE);

    assertThat(explanation.slowKernels()).isEmpty();
    assertThat(explanation.toJson()).doesNotContain("kernelsNote");
  }

  @Test
  void anUnknownNameIsAnExceptionWithTheNameAndTheNearest() {
    Explainer named = EXPLAINER.withLabels(Labels.of(List.of("cat", "dog", "wolf", "fox")));
    Explanation explanation = EXPLAINER.withLayers("layer4.1").explain(IMAGE);

    requireUnknown("gradcan", "gradcam", () -> CamMethod.named("gradcan"));
    requireUnknown("torchvison", "torchvision", () -> Preset.named("torchvison"));
    requireUnknown("wolff", "wolf", () -> named.explain(IMAGE, Target.named("wolff")));
    requireUnknown("layer4.12", "layer4.1", () -> explanation.map("layer4.12"));
    requireUnknown("layer4.12", "layer4.1", () -> EXPLAINER.withLayers("layer4.12"));
  }

  private static void requireUnknown(String name, String nearest, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            UnknownNameException.class,
            e -> {
              assertThat(e.name()).isEqualTo(name);
              assertThat(e.nearest()).startsWith(nearest);
            });
  }
}
