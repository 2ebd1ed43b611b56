package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code explain} shows of networks that are no contest of classes. */
class OutputsTests {
  @TempDir private Path temp;

  private Run explain(TinyCheckpoint network, String... more) throws IOException {
    Path weights = network.write(temp.resolve("tiny.safetensors"));
    Path picture = TinyImage.write(temp.resolve("p.png"), 64, 64);
    List<String> args = new ArrayList<>(List.of("explain", picture.toString()));
    args.addAll(List.of("--weights", weights.toString(), "--size", "64"));
    args.addAll(List.of("--out", temp.resolve("out").toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  private JsonNode record() throws IOException {
    return new ObjectMapper().readTree(temp.resolve("out/p.json").toFile());
  }

  @Test
  void oneOutputShowsItsSigmoid() throws IOException {
    Run run = explain(TinyCheckpoint.answering(-2));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("class 0 0.119");
    assertThat(run.err())
        .contains("one output, read as sigmoid", "--class negative", "--outputs raw");
    assertThat(record().at("/top/0/probability").asDouble()).isBetween(0.1192, 0.1193);
  }

  @Test
  void oneOutputWithTwoNamesHasTwoSides() throws IOException {
    Run run = explain(TinyCheckpoint.answering(-2).named("normal", "pneumonia"));

    assertThat(run.out()).contains("normal 0.881, pneumonia 0.119");
    assertThat(record().at("/maps/0/class/label").asText()).isEqualTo("normal");
    assertThat(record().at("/top/1/logit").asDouble()).isEqualTo(-2);
  }

  @Test
  void theMapsOfBothSidesAreOppositeInSign() throws IOException {
    Run run =
        explain(
            new TinyCheckpoint().oneOutput().named("normal", "pneumonia"),
            "--class",
            "normal,pneumonia");

    JsonNode maps = record().get("maps");
    assertThat(run.exitCode()).isZero();
    assertThat(maps.at("/0/max").floatValue()).isEqualTo(-maps.at("/1/min").floatValue());
    assertThat(maps.at("/0/min").floatValue()).isEqualTo(-maps.at("/1/max").floatValue());
  }

  @Test
  void theSidesOfAnUnnamedOutputCanBeAskedFor() throws IOException {
    Run run = explain(new TinyCheckpoint().oneOutput(), "--class", "Negative,positive");

    assertThat(run.exitCode()).isZero();
    assertThat(record().at("/maps/0/class/label").asText()).isEqualTo("negative");
    assertThat(record().at("/maps/0/class/index").asInt()).isZero();
    assertThat(record().at("/maps/1/class/index").asInt()).isOne();
    assertThat(temp.resolve("out/p_layer4.1_0.png")).exists();
    assertThat(temp.resolve("out/p_layer4.1_1.png")).exists();
  }

  @Test
  void namesThatDoNotFitTheOutputsAreNotUsedAndThatIsSaid() throws IOException {
    Run run = explain(TinyCheckpoint.answering(-2).named("a", "b", "c"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("names 3 classes, but the network has one output");
  }

  @Test
  void severalLabelsAreShownAsTheFileMeansThem() throws IOException {
    TinyCheckpoint network =
        TinyCheckpoint.answering(2, 1.5f, -3)
            .named("edema", "nodule", "mass")
            .meaning("sigmoid, loss_func is BCEWithLogitsLossFlat");

    Run run = explain(network, "--class", "top2", "--format", "json,html,png");

    assertThat(run.out()).contains("edema 0.881, nodule 0.818, mass 0.047");
    assertThat(run.err()).contains("several labels", "loss_func is BCEWithLogitsLossFlat");
    assertThat(record().at("/top/1/probability").asDouble()).isBetween(0.8175, 0.8176);
    assertThat(Files.readString(temp.resolve("out/p.html"))).contains("0.8175744");
  }

  @Test
  void theOptionOverrulesTheFile() throws IOException {
    TinyCheckpoint network = TinyCheckpoint.answering(2, 1.5f, -3).meaning("sigmoid");

    assertThat(explain(network, "--outputs", "Softmax").out()).contains("class 0 0.620");
    assertThat(explain(network, "--outputs", "raw").out())
        .contains("class 0 2.000, class 1 1.500, class 2 -3.000");
    assertThat(record().at("/top/0/probability").isNull()).isTrue();
    assertThat(explain(network, "--outputs", "logits").exitCode()).isEqualTo(2);
  }

  @Test
  void theSoftmaxOfOneOutputIsRefused() throws IOException {
    Run run = explain(TinyCheckpoint.answering(-2), "--outputs", "softmax");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("whose softmax is 1 whatever it sees");
  }

  @Test
  void aClassOfThatVeryNameComesBeforeAnIndex() throws IOException {
    TinyCheckpoint network = TinyCheckpoint.answering(2, 1, 0).named("1", "10", "2");

    Run ten = explain(network, "--class", "10");
    assertThat(record().at("/maps/0/class/index").asInt()).isEqualTo(1);
    assertThat(ten.err()).contains("10 is taken for the class of that name, whose index is 1");

    assertThat(explain(network, "--class", "2").err()).doesNotContain("is taken for");
    assertThat(explain(network, "--class", "0").err())
        .contains("no class is called 0, so it is taken for an index: 1");
    assertThat(record().at("/maps/0/class/label").asText()).isEqualTo("1");
  }

  @Test
  void onlyNamesThatAreNearAreSuggested() throws IOException {
    TinyCheckpoint network =
        TinyCheckpoint.answering(2, 1, 0).named("tench", "church", "golf ball");

    assertThat(explain(network, "--class", "Golf-Ball").exitCode()).isZero();
    assertThat(explain(network, "--class", "chruch").err()).contains("; the nearest is church");
    assertThat(explain(network, "--class", "aeroplane").err())
        .contains("there is no class \"aeroplane\"; the classes are tench, church, golf ball")
        .doesNotContain("nearest");
  }

  @Test
  void aNameThatFitsTwoClassesIsRefused() throws IOException {
    TinyCheckpoint network = TinyCheckpoint.answering(2, 1, 0).named("crane", "crane", "ox");

    Run run = explain(network, "--class", "crane");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("may be class 0, \"crane\", or class 1");
  }

  @Test
  void aClassIsNeverExplainedAgainstItself() throws IOException {
    TinyCheckpoint network = new TinyCheckpoint().named("a", "b", "c", "d", "e");

    explain(network, "--against", "top2");
    String label = record().at("/maps/0/class/label").asText();
    String first = record().at("/top/0/label").asText();
    assertThat(label).isEqualTo(first + " against " + record().at("/top/1/label").asText());

    assertThat(explain(network, "--against", first).err()).contains("against itself");
    String second = label.substring(label.lastIndexOf(' ') + 1);
    assertThat(explain(network, "--class", second, "--against", "top2").err())
        .contains("against itself", "--against top1");
    assertThat(explain(network, "--class", "b", "--against", "b").exitCode()).isEqualTo(3);
    assertThat(explain(network, "--against", "top1").err())
        .contains("camjar: the top-1 class was to be explained against itself");
    assertThat(explain(network, "--against", "a,b").exitCode()).isEqualTo(2);
    assertThat(explain(new TinyCheckpoint().oneOutput(), "--against", "0").err())
        .contains("one output, so there is no class to compare with");
  }

  @Test
  void aProbabilityIsExplainedAsItIsShown() throws IOException {
    TinyCheckpoint network = new TinyCheckpoint().meaning("sigmoid");

    explain(network, "--score", "probability", "--class", "0,1");
    double sigmoid = record().at("/maps/0/max").asDouble();
    explain(network, "--score", "probability", "--class", "0", "--outputs", "softmax");
    assertThat(record().at("/maps/0/max").asDouble()).isNotEqualTo(sigmoid);

    Run raw = explain(network, "--score", "probability", "--outputs", "raw");
    assertThat(raw.exitCode()).isEqualTo(3);
    assertThat(raw.err()).contains("no probabilities");
  }
}
