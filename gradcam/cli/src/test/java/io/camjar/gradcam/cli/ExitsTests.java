package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.family.MsdNet;
import io.camjar.engine.model.family.MsdNetDesign;
import io.camjar.gradcam.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks with several exits on the command line. */
class ExitsTests {
  @TempDir private Path temp;
  private Path weights;
  private Path picture;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    List<Integer> three = List.of(1, 2, 4);
    MsdNetDesign design =
        new MsdNetDesign(
            MsdNetDesign.Names.REFERENCE,
            MsdNetDesign.Stem.CIFAR,
            4,
            2,
            three,
            three,
            List.of(2, 1, 1),
            MsdNetDesign.Pruning.MAX,
            0.5,
            8);
    MsdNet net = new MsdNet("msdnet", design, 3, 5);
    weights = TinyCheckpoint.of(net).write(temp.resolve("tiny.safetensors"));
    picture = TinyImage.write(temp.resolve("pic.png"), 40, 32);
    out = temp.resolve("out");
  }

  private Run explain(String... more) {
    Stream<String> words =
        Stream.of(
            "explain",
            picture.toString(),
            "--weights",
            weights.toString(),
            "--out",
            out.toString());
    return Run.of(Stream.concat(words, Arrays.stream(more)).toArray(String[]::new));
  }

  /** Of a converted network, as of one that PyTorch exported, whatever works on the file works. */
  @Test
  void anOnnxModelHasTheSameExits() throws IOException {
    String[] asked = {"--class", "3", "--format", "npy,png"};
    assertThat(explain(asked).exitCode()).isZero();
    List<String> files = files();
    Map<String, float[]> arrays = arrays();
    Path model = temp.resolve("tiny.onnx");
    Run converted = Run.of("convert", weights.toString(), "--to", model.toString());
    assertThat(converted.exitCode()).as(converted.err()).isZero();
    // By its layers it would be prepared for as CIFAR-10 is, and an ONNX model has others.
    assertThat(converted.err())
        .contains(
            "tiny.onnx: it is written there how images are prepared: short side to 32 (bilinear);"
                + " middle 32 x 32; mean [0.4914, 0.4824, 0.4467], std [0.2471, 0.2435, 0.2616]"
                + " (as camjar took it before the conversion: by default, CIFAR-10's)");
    weights = model;
    out = temp.resolve("again");

    Run run = explain(asked);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files()).isEqualTo(files);
    assertThat(arrays())
        .hasSize(9)
        .allSatisfy((name, values) -> assertClose(values, arrays.get(name)));
    out = temp.resolve("single");
    explain("--exit", "2", "--class", "3", "--format", "npy");
    assertThat(arrays())
        .hasSize(3)
        .allSatisfy((name, values) -> assertClose(values, arrays.get(name)));
    assertThat(explain("--exit", "4").err()).contains("there is no exit 4: msdnet has 3");
  }

  /** It comes from the last exit's scores and does not reach the other classifiers. */
  @Test
  void gradientFlowOfAnOnnxModelIsThatOfItsNetwork() throws IOException {
    Path model = temp.resolve("tiny.onnx");
    Run.of("convert", weights.toString(), "--to", model.toString());
    JsonNode wanted = gradientFlow(weights);

    JsonNode found = gradientFlow(model);

    assertThat(found.get("findings")).isEqualTo(wanted.get("findings"));
    Map<String, JsonNode> points = new TreeMap<>();
    found.get("points").forEach(point -> points.put(point.get("path").asText(), point));
    for (JsonNode point : wanted.get("points")) {
      String path = point.get("path").asText();
      JsonNode same = points.get(path);
      assertThat(same).as(path).isNotNull();
      assertThat(same.get("gradient").isNull()).isEqualTo(point.get("gradient").isNull());
      if (path.startsWith("classifier.")) {
        assertThat(point.get("gradient").isNull()).isEqualTo(!path.startsWith("classifier.2"));
      }
      for (String kind : List.of("activation", "gradient")) {
        double norm = point.get(kind).path("norm").asDouble();
        assertThat(same.get(kind).path("norm").asDouble())
            .as(path + " " + kind)
            .isCloseTo(norm, within(1e-4 * norm));
      }
    }
  }

  private JsonNode gradientFlow(Path file) throws IOException {
    Path results = temp.resolve(file.getFileName() + "-flow");
    Run run =
        Run.of(
            "gradflow",
            picture.toString(),
            "--weights",
            file.toString(),
            "--class",
            "3",
            "--out",
            results.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(results.resolve("gradflow.json").toFile());
  }

  @Test
  void inspectAndLayersTellOfTheExits() throws IOException {
    Path model = temp.resolve("tiny.onnx");
    Run.of("convert", weights.toString(), "--to", model.toString());

    assertThat(Run.of("inspect", weights.toString()).out())
        .containsPattern("exits +3, at blocks.0, blocks.1, blocks.2\\n");
    assertThat(Run.of("inspect", model.toString()).out())
        .containsPattern(
            "exits +3, at blocks.0, blocks.1, blocks.2 \\(the outputs exit.1, exit.2, exit.3\\)");
    JsonNode exits =
        new ObjectMapper()
            .readTree(Run.of("inspect", model.toString(), "--json").out())
            .get("exits");
    assertThat(exits.get(1))
        .hasToString("{\"exit\":2,\"layer\":\"blocks.1\",\"output\":\"exit.2\"}");
    assertThat(Run.of("layers", "--weights", model.toString()).out())
        .containsPattern("blocks.2 +\\* +Module +\\d+x8x8");
  }

  private Map<String, float[]> arrays() throws IOException {
    Map<String, float[]> arrays = new TreeMap<>();
    for (String file : files()) {
      if (file.endsWith(".npy")) {
        try (INDArray array = Nd4j.createFromNpyFile(out.resolve(file).toFile())) {
          arrays.put(file, HostCopy.floats(array));
        }
      }
    }
    return arrays;
  }

  private static void assertClose(float[] found, float[] wanted) {
    assertThat(found).usingComparatorWithPrecision(1e-5f).containsExactly(wanted);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everyExitIsExplainedAtTheMapsThatItReads() throws IOException {
    Run run = explain("--class", "3", "--format", "npy,png,json,html");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files())
        .contains(
            "pic_logits_exit1.npy",
            "pic_logits_exit2.npy",
            "pic_logits_exit3.npy",
            "pic_blocks.0_3_exit1.npy",
            "pic_blocks.1_3_exit2.npy",
            "pic_blocks.2_3_exit3_norm.npy",
            "pic_blocks.2_3_exit3.png",
            "pic_exits.png",
            "pic.html")
        .doesNotContain("pic_logits.npy", "pic_blocks.0_3_exit2.npy");
    assertThat(run.out()).contains("exit 1: class 3 at blocks.0", "exit 3: class 3 at blocks.2");
    JsonNode record = new ObjectMapper().readTree(out.resolve("pic.json").toFile());
    assertThat(record.get("exits").findValuesAsText("exit")).containsExactly("1", "2", "3");
    assertThat(record.get("maps").findValuesAsText("exit")).containsExactly("1", "2", "3");
    assertThat(record.get("exits").get(2).get("top")).isEqualTo(record.get("top"));
  }

  @Test
  void oneExitLeavesTheSameFilesOfItsOwn() throws IOException {
    explain("--format", "npy,json", "--class", "3");
    byte[] logits = Files.readAllBytes(out.resolve("pic_logits_exit2.npy"));
    byte[] map = Files.readAllBytes(out.resolve("pic_blocks.1_3_exit2.npy"));
    out = temp.resolve("single");

    Run run = explain("--exit", "2", "--format", "npy,json", "--class", "3");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files())
        .containsExactly(
            "pic.json",
            "pic_blocks.1_3_exit2.npy",
            "pic_blocks.1_3_exit2_norm.npy",
            "pic_logits_exit2.npy");
    assertThat(out.resolve("pic_logits_exit2.npy")).hasBinaryContent(logits);
    assertThat(out.resolve("pic_blocks.1_3_exit2.npy")).hasBinaryContent(map);
  }

  @Test
  void aLayerIsExplainedByTheExitsBehindIt() throws IOException {
    Run run =
        explain(
            "--layer",
            "blocks.1",
            "--class",
            "3",
            "--format",
            "npy",
            "--method",
            "gradcam,scorecam,ablationcam");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files())
        .contains(
            "pic_gradcam_blocks.1_3_exit2.npy",
            "pic_scorecam_blocks.1_3_exit3.npy",
            "pic_ablationcam_blocks.1_3_exit3.npy",
            "pic_gradcam_logits_exit1.npy")
        .doesNotContain("pic_gradcam_blocks.1_3_exit1.npy");
  }

  /** Rows of two exits name the same layer and class. */
  @Test
  void tablesSayWhichExitAMapExplains() throws IOException {
    Run run = explain("--layer", "blocks.1", "--class", "3", "--format", "json", "--summary");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode maps =
        new ObjectMapper().readTree(out.resolve("results.json").toFile()).at("/results/0/maps");
    assertThat(maps.findValuesAsText("exit")).containsExactly("2", "3");
    assertThat(Files.readString(out.resolve("results.csv")))
        .containsPattern("blocks.1:3:[^;]*:exit2;blocks.1:3:[^;]*:exit3,");
  }

  @Test
  void allLayersGoUpToEachExit() throws IOException {
    Run run = explain("--layer", "all", "--class", "3", "--format", "npy,png");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files())
        .contains(
            "pic_evolution_exit1.png",
            "pic_evolution_exit3.png",
            "pic_blocks.0_3_exit3.npy",
            "pic_blocks.0.0_3_exit1.npy")
        .doesNotContain("pic_blocks.2_3_exit2.npy");
  }

  @Test
  void anExitThatIsNotThereIsToldOf() {
    assertThat(explain("--exit", "4").err())
        .contains("there is no exit 4: msdnet has 3, counted from 1");
    assertThat(explain("--exit", "0").exitCode()).isEqualTo(2);
    assertThat(explain("--exit", "two").exitCode()).isEqualTo(2);
  }

  @Test
  void aNetworkWithOneClassifierHasNoExits() throws IOException {
    weights = new TinyCheckpoint().write(temp.resolve("resnet.safetensors"));

    assertThat(explain("--exit", "1", "--size", "64").err())
        .contains("resnet18 has one classifier and no exits to choose from");
  }

  @Test
  void evaluateTellsEasyImagesFromToughOnes() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("images"));
    for (int c = 0; c < 5; c++) {
      Files.createDirectory(folder.resolve("class" + c));
      TinyImage.write(folder.resolve("class" + c).resolve("same.png"), 32, 32);
    }

    Run run =
        Run.of(
            "evaluate",
            folder.toString(),
            "--weights",
            weights.toString(),
            "--out",
            out.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("3 +1 +20.00 % +1.000")
        .contains("easy, right at all 3 exits:");
    assertThat(out.resolve("exits.csv"))
        .content()
        .startsWith("image,index,label,right_exits,right_exit1,right_exit2,right_exit3,map_like")
        .hasLineCount(6);
  }
}
