package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.weights.npy.Npy;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@code explain} leaves in its folder. */
class ExplainFilesTests {
  @TempDir private Path folder;
  private Path weights;
  private Path out;

  @BeforeEach
  void weights() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    out = folder.resolve("some").resolve("where");
  }

  @Test
  void overlayMapGrayAndRecordUnlessAskedOtherwise() throws IOException {
    assertThat(explain(picture("dog.png", 60, 45), "--class", "3").exitCode()).isZero();

    assertThat(names())
        .containsExactly(
            "dog.json", "dog_layer4.1_3.png", "dog_layer4.1_3_gray.png", "dog_layer4.1_3_map.png");
    RgbImage overlay = Images.read(out.resolve("dog_layer4.1_3.png"));
    assertThat(overlay.width()).isEqualTo(60);
    assertThat(overlay.height()).isEqualTo(45);
  }

  @Test
  void aFigureOfEachMapAndTheMapInItsOwnSize() throws IOException {
    Run run = explain(picture("dog.png", 60, 45), "--class", "3", "--format", "figure,json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(names())
        .containsExactly("dog.json", "dog_layer4.1_3_figure.png", "dog_layer4.1_3_small.png");
    JsonNode map = json("dog").get("maps").get(0);
    RgbImage small = Images.read(out.resolve("dog_layer4.1_3_small.png"));
    assertThat(small.width()).isEqualTo(map.get("width").asInt());
    assertThat(small.height()).isEqualTo(map.get("height").asInt());
    assertThat(map.get("files")).hasSize(2);
  }

  @Test
  void theConsoleTellsOfAFewLayersOneByOneAndOfManyTheDeepest() throws IOException {
    Path dog = picture("dog.png", 60, 45);

    assertThat(explain(dog, "--layer", "layer4.1,layer1.0", "--class", "3").out())
        .contains("3 at layer4.1: ", "3 at layer1.0: ");
    assertThat(explain(dog, "--layer", "layer4[-1],layer?.0,stem", "--class", "3").out())
        .contains("3 at layer4.1: ")
        .doesNotContain("at stem", "at layer1.0", "at layer4.0");
  }

  @Test
  void anAnimationThatIsNotMadeIsSpokenOf() throws IOException {
    Path dog = picture("dog.png", 60, 45);
    Run both = explain(dog, "--format", "html,gif");
    Run alone = explain(dog, "--format", "gif");

    assertThat(both.exitCode()).isZero();
    assertThat(both.err()).contains("there is no gif", "--layer all");
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.err()).contains("add --layer all");
  }

  @Test
  void theRecordHoldsWhatTheContractNamesInItsOrder() throws IOException {
    explain(picture("dog.png", 60, 45), "--layer", "layer2,0.7", "--class", "1", "--class", "top1");

    JsonNode record = json("dog");
    assertThat(keys(record))
        .containsSubsequence(
            "image", "input", "model", "device", "threads", "method", "top", "maps", "ms");
    assertThat(keys(record.get("input"))).startsWith("height", "width", "preset");
    assertThat(keys(record.get("model")))
        .startsWith("architecture", "head", "classes", "source", "sha256");
    assertThat(keys(record.get("top").get(0)))
        .containsExactly("index", "label", "logit", "probability");
    assertThat(keys(record.get("maps").get(0)))
        .containsExactly("layer", "class", "height", "width", "min", "max", "status", "files");
    assertThat(keys(record.get("maps").get(0).get("class"))).containsExactly("index", "label");
    assertThat(keys(record.get("ms")))
        .containsExactly("load", "preprocess", "forward", "backward", "map", "write");

    assertThat(record.get("model").get("architecture").asText()).isEqualTo("resnet18");
    assertThat(record.get("model").get("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(record.get("method").asText()).isEqualTo("gradcam");
    assertThat(record.get("input").get("preset").asText()).isEqualTo("torchvision");
    assertThat(record.get("top")).hasSize(5);
    assertThat(record.get("maps").findValuesAsText("layer")).contains("layer2", "layer4");
    record
        .get("maps")
        .forEach(
            map ->
                map.get("files").forEach(file -> assertThat(out.resolve(file.asText())).exists()));
  }

  @Test
  void arraysHoldTheSignedAndTheScaledMapAtTheLayersResolution() throws IOException {
    explain(picture("dog.png", 60, 45), "--layer", "layer3", "--class", "2", "--format", "npy");

    assertThat(names())
        .containsExactly("dog_layer3_2.npy", "dog_layer3_2_norm.npy", "dog_logits.npy");
    TensorEntry raw = Npy.read(out.resolve("dog_layer3_2.npy"));
    assertThat(raw.shape()).containsExactly(14, 14);
    float max = 0;
    for (float value : raw.toFloats()) {
      max = Math.max(max, value);
    }
    float[] scaled = Npy.read(out.resolve("dog_layer3_2_norm.npy")).toFloats();
    for (int i = 0; i < scaled.length; i++) {
      float expected = Math.max(0, raw.toFloats()[i]) / (1e-7f + max);
      assertThat(scaled[i]).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-6f));
    }
    assertThat(Npy.read(out.resolve("dog_logits.npy")).shape())
        .containsExactly(TinyCheckpoint.CLASSES);
  }

  @Test
  void activationsAndGradientsAreThoseTheMapIsMadeOf() throws IOException {
    Path dog = picture("dog.png", 60, 45);
    explain(
        dog,
        "--layer",
        "layer3",
        "--class",
        "2,0",
        "--format",
        "npy,json",
        "--what",
        "map, Activation,gradient");

    assertThat(names())
        .contains(
            "dog_layer3_activation.npy", "dog_layer3_0_gradient.npy", "dog_layer3_2_gradient.npy");
    TensorEntry activation = Npy.read(out.resolve("dog_layer3_activation.npy"));
    assertThat(activation.shape()).containsExactly(16, 14, 14);
    float[] a = activation.toFloats();
    for (String target : List.of("0", "2")) {
      float[] g = Npy.read(out.resolve("dog_layer3_" + target + "_gradient.npy")).toFloats();
      assertThat(g).hasSameSizeAs(a);
      float[] map = Npy.read(out.resolve("dog_layer3_" + target + ".npy")).toFloats();
      double[] expected = new double[map.length];
      for (int c = 0; c < 16; c++) {
        double mean = 0;
        for (int i = 0; i < map.length; i++) {
          mean += g[c * map.length + i] / map.length;
        }
        for (int i = 0; i < map.length; i++) {
          expected[i] += mean * a[c * map.length + i];
        }
      }
      for (int i = 0; i < map.length; i++) {
        assertThat((double) map[i])
            .isCloseTo(expected[i], within(1e-6 + 1e-4 * Math.abs(expected[i])));
      }
    }
    assertThat(files(json("dog").get("maps").get(1)))
        .containsExactly(
            "dog_layer3_0.npy",
            "dog_layer3_0_norm.npy",
            "dog_layer3_activation.npy",
            "dog_layer3_0_gradient.npy");
  }

  @Test
  void arraysAloneLeaveTheMapsOutAndAnotherClassAddsToTheRecord() throws IOException {
    Path dog = picture("dog.png", 60, 45);
    List<String> arrays = List.of("--what", "activation,gradient", "--format", "npy,json");
    for (String target : List.of("1", "4", "4")) {
      List<String> args = new ArrayList<>(List.of("--method", "eigencam", "--class", target));
      args.addAll(arrays);
      assertThat(explain(dog, args.toArray(new String[0])).exitCode()).isZero();
    }

    assertThat(names())
        .containsExactly(
            "dog.json",
            "dog_layer4.1_1_gradient.npy",
            "dog_layer4.1_4_gradient.npy",
            "dog_layer4.1_activation.npy",
            "dog_logits.npy");
    assertThat(json("dog").get("maps")).hasSize(2);
    assertThat(files(json("dog").get("maps").get(1)))
        .containsExactly("dog_layer4.1_activation.npy", "dog_layer4.1_1_gradient.npy");
  }

  @Test
  void ofSmoothedMapsTheArraysAreThoseOfTheInputAsItIs() throws IOException {
    Path dog = picture("dog.png", 60, 45);
    String[] arrays = {"--layer", "layer2", "--class", "0", "--what", "activation,gradient"};
    explain(dog, with(arrays, "--format", "npy"));
    byte[] plain = Files.readAllBytes(out.resolve("dog_layer2_0_gradient.npy"));
    out = folder.resolve("smooth");
    explain(dog, with(arrays, "--format", "npy", "--smooth", "aug", "--fuse", "mean"));

    assertThat(out.resolve("dog_layer2_0_gradient.npy")).hasBinaryContent(plain);
    assertThat(names()).noneMatch(name -> name.contains("fused"));
  }

  @Test
  void arraysThatCannotBeWrittenAreRefusedBeforeAnythingIsComputed() throws IOException {
    Path dog = picture("dog.png", 60, 45);

    assertThat(explain(dog, "--what", "gradient").err()).contains("add npy to --format");
    assertThat(explain(dog, "--what", "gradient", "--format", "png,npy").err())
        .contains("add map to --what");
    assertThat(explain(dog, "--what", "gradients", "--format", "npy").err())
        .contains("did you mean gradient");
    Run guided =
        explain(dog, "--what", "activation", "--format", "npy", "--method", "guided-backprop");
    assertThat(guided.exitCode()).isEqualTo(2);
    assertThat(guided.err()).contains("no arrays of layers");
  }

  @Test
  void preparedInputsAreNumberedAndNeedNoPreset() throws IOException {
    Path file = folder.resolve("inputs.npy");
    try (INDArray inputs = SyntheticInput.images("files", 2, 3, 64, 96)) {
      Npy.write(file, HostCopy.floats(inputs), 2, 3, 64, 96);
    }
    Run run = run("--input-npy", file.toString(), "--layer", "layer4", "--class", "0,1");

    assertThat(run.exitCode()).isZero();
    assertThat(names())
        .contains("input0.json", "input1.json", "input0_layer4_0.png", "input1_layer4_1_map.png");
    assertThat(json("input1").get("input").get("preset").asText()).isEqualTo("none");
    assertThat(json("input1").get("input").get("width").asInt()).isEqualTo(96);
    assertThat(Images.read(out.resolve("input0_layer4_0.png")).height()).isEqualTo(64);
    assertThat(run.err()).doesNotContain("no effect");
  }

  @Test
  void optionsThatPreparedInputsDoNotNeedAreSaidToHaveNoEffect() throws IOException {
    Path file = folder.resolve("inputs.npy");
    try (INDArray inputs = SyntheticInput.images("files", 1, 3, 64, 96)) {
      Npy.write(file, HostCopy.floats(inputs), 1, 3, 64, 96);
    }
    Run run = run("--input-npy", file.toString(), "--layer", "layer4", "--mean", "0", "--std", "1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("are prepared already: --mean, --std have no effect");
  }

  @Test
  void oneInputWithoutABatchIsTakenToo() throws IOException {
    Path file = folder.resolve("input.npy");
    Npy.write(file, new float[3 * 40 * 40], 3, 40, 40);

    assertThat(run("--input-npy", file.toString()).exitCode()).isZero();
    assertThat(names()).contains("input0.json");
  }

  @Test
  void oneBadImageOfABatchIsReportedAndTheRestAreDone() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.png"), "no image");
    Run run =
        run(
            picture("a.png", 50, 50).toString(),
            bad.toString(),
            picture("b.png", 50, 50).toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("bad.png", "1 of 3");
    assertThat(names()).contains("a.json", "b.json").noneMatch(name -> name.startsWith("bad"));
    assertThat(run.out()).contains("a.png", "b.png");
  }

  @Test
  void picturesOfOneNameAreToldApart() throws IOException {
    Files.createDirectory(folder.resolve("more"));
    Path one = picture("dog.png", 50, 50);
    Path two = picture("more/dog.png", 50, 50);

    run(one.toString(), two.toString(), "--format", "json", "--no-summary");

    assertThat(names()).containsExactly("dog-2.json", "dog.json");
  }

  @Test
  void labelsNameTheClasses() throws IOException {
    Path labels = Files.writeString(folder.resolve("l.txt"), "ant\nbee, wasp\ncat\ndog\neel\n\n");
    Run run =
        explain(
            picture("dog.png", 50, 50),
            "--labels",
            labels.toString(),
            "--class",
            "bee, wasp",
            "--class",
            "CAT,dog");

    assertThat(run.exitCode()).isZero();
    assertThat(json("dog").get("maps").findValuesAsText("label"))
        .containsExactly("bee, wasp", "cat", "dog");
  }

  @Test
  void everyLayerOfTheNetworkInItsOrder() throws IOException {
    explain(picture("dog.png", 50, 50), "--layer", "all", "--format", "json");

    assertThat(json("dog").get("maps").findValuesAsText("layer"))
        .containsExactly(
            "stem",
            "layer1.0",
            "layer1.1",
            "layer2.0",
            "layer2.1",
            "layer3.0",
            "layer3.1",
            "layer4.0",
            "layer4.1");
  }

  @Test
  void allLayersBringASheetAndAnAnimation() throws IOException {
    explain(picture("dog.png", 50, 50), "--layer", "all", "--class", "0,1", "--format", "png,gif");

    assertThat(names()).hasSize(2 * 9 * 3 + 2).contains("dog_evolution.png", "dog_evolution.gif");
    assertThat(Images.read(out.resolve("dog_evolution.png")).width()).isGreaterThan(500);
  }

  @Test
  void thePageIsOneFile() throws IOException {
    explain(picture("dog.png", 50, 50), "--layer", "layer3,layer4", "--format", "html");

    assertThat(names()).containsExactly("dog.html");
    assertThat(Files.readString(out.resolve("dog.html")))
        .contains("<html", "dog", "layer3", "layer4", "camjar 0.");
  }

  @Test
  void someLayersBringNone() throws IOException {
    explain(picture("dog.png", 50, 50), "--layer", "layer3,layer4", "--format", "png,gif");

    assertThat(names()).hasSize(6).noneMatch(name -> name.contains("evolution"));
  }

  @Test
  void resultsGoToStandardOutputAndNothingElseAnywhere() throws IOException {
    Run run = explain(picture("dog.png", 50, 50));

    assertThat(run.err()).startsWith("camjar: images are prepared as ").hasLineCount(1);
    assertThat(run.out()).startsWith(folder.resolve("dog.png") + ": class ");
  }

  private static String[] with(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static List<String> files(JsonNode map) {
    List<String> files = new ArrayList<>();
    map.get("files").forEach(file -> files.add(file.asText()));
    return files;
  }

  private Run explain(Path picture, String... more) {
    List<String> args = new ArrayList<>(List.of(picture.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private Run run(String... more) {
    List<String> args = new ArrayList<>(List.of("explain", "--weights", weights.toString()));
    args.addAll(List.of("--out", out.toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private JsonNode json(String stem) throws IOException {
    return new ObjectMapper().readTree(out.resolve(stem + ".json").toFile());
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private Path picture(String name, int width, int height) throws IOException {
    return TinyImage.write(folder.resolve(name), width, height);
  }
}
