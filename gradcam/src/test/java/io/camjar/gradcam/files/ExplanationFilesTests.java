package io.camjar.gradcam.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Networks;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.npy.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** From an image's bytes to files' bytes, and no file on the way. */
class ExplanationFilesTests {
  private static final Network NETWORK = Networks.concatPooled();
  private static final Explainer EXPLAINER =
      Explainer.of(NETWORK).withPreset(Preset.named("torchvision").withSize(64, 64));
  private static final byte[] UPLOAD = Png.encode(RgbImage.of(50, 40, new byte[3 * 50 * 40]));

  @TempDir Path folder;

  @AfterAll
  static void free() {
    NETWORK.close();
  }

  @Test
  void imagesAndTheRecordComeWithoutAFile() throws IOException {
    Explanation explanation = EXPLAINER.explain(UPLOAD, Target.index(1));

    ExplanationFiles files = ExplanationFiles.of(explanation, FileChoice.named("dog"));

    String stem = "dog_" + explanation.layers().get(0) + "_1";
    assertThat(files.all())
        .extracting(NamedBytes::name)
        .containsExactly(stem + ".png", stem + "_map.png", stem + "_gray.png", "dog.json");
    CamMap map = explanation.maps().get(0);
    assertThat(files.all().get(0).bytes())
        .isEqualTo(Png.encode(explanation.view(map).overlay(ColorMap.JET, 0.5)));
    byte[] record = files.all().get(3).bytes();
    assertThat(new ObjectMapper().readTree(record).at("/maps/0/files"))
        .extracting(name -> name.asText())
        .containsExactly(stem + ".png", stem + "_map.png", stem + "_gray.png");
  }

  @Test
  void aGradientOfFourChannelsIsNoPicture() {
    ResNetSpec spec =
        new ResNetSpec(
            "four",
            BlockKind.BASIC,
            List.of(1, 1, 1, 1),
            4,
            4,
            new Stem.Conv7(),
            Shortcut.CONV,
            new LinearHead(3));
    try (Network network = Network.of(spec, new SyntheticParameters());
        INDArray input = SyntheticInput.images("four", 1, 4, 32, 32)) {
      Explanation explanation =
          Explainer.of(network)
              .withMethod(CamMethods.named("guidedbackprop"))
              .explain("four", input, List.of(Target.index(1)));

      assertThat(ExplanationFiles.of(explanation, FileChoice.named("a")).all())
          .extracting(NamedBytes::name)
          .contains("a.json")
          .noneMatch(name -> name.endsWith("_pixels.png"));
    }
  }

  @Test
  void arraysHaveTheBytesThatAFileWouldHave() throws IOException {
    Explanation explanation = EXPLAINER.explain(UPLOAD, Target.index(1));
    CamMap map = explanation.maps().get(0);

    List<NamedBytes> files =
        ExplanationFiles.of(explanation, FileChoice.named("a").withFormats(FileFormat.NPY)).all();

    Path written = folder.resolve("map.npy");
    Npy.write(written, map.raw(), map.height(), map.width());
    assertThat(files.get(0).bytes()).isEqualTo(Files.readAllBytes(written));
    assertThat(files).hasSize(3);
    assertThat(Npy.read("logits", ByteRegion.wrap(files.get(2).bytes())).toFloats())
        .isEqualTo(explanation.logits());
  }

  @Test
  void sheetsAndAnimationsGoThroughTheLayersThatAreNamed() {
    Explanation explanation = EXPLAINER.withLayers("all").explain(UPLOAD, Target.index(1));

    List<NamedBytes> files =
        ExplanationFiles.of(
                explanation,
                FileChoice.named("a")
                    .withFormats(FileFormat.GIF, FileFormat.HTML)
                    .withEvolution(explanation.layers()))
            .all();

    assertThat(files).extracting(NamedBytes::name).containsExactly("a_evolution.gif", "a.html");
    assertThat(files).extracting(NamedBytes::mediaType).containsExactly("image/gif", "text/html");
  }

  /** The map in its own size has a pixel for each place of the layer, in the map's colours. */
  @Test
  void aFigureShowsTheMapOnTheImageAndInItsOwnPlaces() {
    Explanation explanation = EXPLAINER.explain(UPLOAD, Target.index(1));
    CamMap map = explanation.maps().get(0);
    FileChoice choice = FileChoice.named("a").withFormats(FileFormat.FIGURE);

    List<NamedBytes> files = ExplanationFiles.of(explanation, choice).all();

    assertThat(files)
        .extracting(NamedBytes::name)
        .containsExactly(
            "a_%s_1_figure.png".formatted(map.layer()), "a_%s_1_small.png".formatted(map.layer()));
    assertThat(files).extracting(NamedBytes::mediaType).containsOnly("image/png");
    RgbImage small = read(files.get(1));
    assertThat(small.width()).isEqualTo(map.width());
    assertThat(small.height()).isEqualTo(map.height());
    for (int i = 0; i < map.scaled().length; i++) {
      int entry = ColorMap.index(map.scaled()[i]);
      for (int c = 0; c < 3; c++) {
        assertThat(small.sample(i % map.width(), i / map.width(), c))
            .isEqualTo(choice.colors().sample(entry, c) & 0xff);
      }
    }
    RgbImage figure = read(files.get(0));
    assertThat(figure.width()).isBetween(600, 800);
    assertThat(figure.height()).isBetween(600, 900);
  }

  private static RgbImage read(NamedBytes file) {
    return Images.read(file.bytes(), file.name(), ReadOptions.STANDARD).image();
  }

  @Test
  void aForwardAloneGivesTheLogitsOfAnExplanation() {
    RgbImage image = Images.read(UPLOAD, "x", ReadOptions.STANDARD).image();
    assertThat(EXPLAINER.logits(image)).isEqualTo(EXPLAINER.explain(image).logits());
  }

  @Test
  void aFormatThatThereIsNotIsNamedWithTheNearest() {
    assertThatThrownBy(() -> FileFormat.named("pgn"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("'pgn'")
        .hasMessageContaining("png");
  }
}
