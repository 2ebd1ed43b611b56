package io.camjar.gradcam.cli.train;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train}: a network, its log and its sheets, and what is refused before the first epoch. */
class TrainCommandTests {
  @TempDir Path folder;

  @Test
  void trainsResumesFineTunesAndIsExplained() throws IOException {
    Path data = images();
    Path out = folder.resolve("m.safetensors");
    String[] common =
        SmallTraining.arguments(
            "train",
            data,
            "--epochs",
            "2",
            "--drop-path",
            "0.2",
            "--out",
            out.toString(),
            "--explain",
            data + "/val/red/0.png");
    Run run = Run.of(common);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .hasSize(2)
        .allMatch(
            line ->
                line.matches(
                    "epoch \\d/2  train loss [\\d.]+  val loss [\\d.]+  accuracy [\\d.]+ %  [\\d.]+"
                        + " images/s"));
    assertThat(run.err())
        .contains("1 image could not be read and was left out:", "train/red/damaged.jpg");
    assertThat(folder.resolve("m-log"))
        .isDirectoryContaining("glob:**log.csv")
        .isDirectoryContaining("glob:**log.jsonl")
        .isDirectoryContaining("glob:**events.out.tfevents.*")
        .isDirectoryContaining("glob:**0_epochs.png")
        .isDirectoryContaining("glob:**0_epochs.gif");

    String[] again = Arrays.copyOf(common, common.length + 1);
    again[common.length] = "--resume";
    assertThat(Run.of(again).exitCode()).isZero();
    again[Arrays.asList(again).indexOf("0.2")] = "0";
    assertThat(Run.of(again).err()).contains("was trained with drop-path '0.2', now it is ''");

    Path tuned = folder.resolve("tuned.safetensors");
    Run fine =
        Run.of(
            "train",
            data.toString(),
            "--init",
            out.toString(),
            "--head",
            "fastai1",
            "--size",
            "32",
            "--batch",
            "4",
            "--epochs",
            "2",
            "--json",
            "--live",
            "2",
            "--out",
            tuned.toString());
    assertThat(fine.exitCode()).as(fine.err()).isZero();
    assertThat(fine.out().lines()).allMatch(line -> line.startsWith("{\"epoch\":"));
    assertThat(fine.err()).contains("tensors are those of").contains("are new");
    assertThat(folder.resolve("tuned-log/gradflow.html"))
        .content()
        .contains("Training of resnet18");
    assertThat(folder.resolve("tuned-log/gradflow.js"))
        .content()
        .startsWith("camjarFlow({\"live\":false,")
        .contains("\"label\":\"epoch 1, batch 1\"", "\"label\":\"epoch 1, batch 3\"")
        .doesNotContain("\"label\":\"epoch 1, batch 2\"");
    Run explained =
        Run.of(
            "explain",
            data + "/val/red/0.png",
            "--weights",
            tuned.toString(),
            "--out",
            folder.resolve("maps").toString());
    assertThat(explained.exitCode()).as(explained.err()).isZero();
    assertThat(Files.readString(folder.resolve("maps/0.json"))).contains("\"blue\"", "\"red\"");
  }

  /** Two classes again, but others: what tells a cat from a dog says nothing of red and blue. */
  @Test
  void aHeadForOtherClassesIsNewThoughTheyAreAsMany() throws IOException {
    Path out = folder.resolve("m.safetensors");
    String data = images().toString();
    String[] small = {"--size", "32", "--batch", "4", "--epochs", "1", "--out"};
    Run first = train(data, small, out, "--arch", "resnet18", "--width", "4");
    assertThat(first.exitCode()).as(first.err()).isZero();
    Path again = folder.resolve("again.safetensors");
    assertThat(train(data, small, again, "--init", out + "").err())
        .contains("102 tensors are those of " + out + ", 0 are new");
    Files.writeString(folder.resolve("data/labels.txt"), "blue\tcat\nred\tdog\n");
    Path other = folder.resolve("other.safetensors");
    assertThat(train(data, small, other, "--init", out + "").err())
        .contains("100 tensors are those of " + out + ", 2 are new")
        .doesNotContain("does not name");
  }

  private static Run train(String data, String[] small, Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("train", data));
    args.addAll(List.of(small));
    args.add(out.toString());
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  @Test
  void theLogGoesWhereItIsAskedToAndHoldsAllEpochs() throws IOException {
    Path out = folder.resolve("m.safetensors");
    Path log = folder.resolve("logs").resolve("first");
    String[] args =
        SmallTraining.arguments(
            "train", images(), "--epochs", "2", "--out", out.toString(), "--log", log.toString());
    Run run = Run.of(args);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("log in " + log);
    assertThat(folder.resolve("m-log")).doesNotExist();
    assertThat(log).isDirectoryContaining("glob:**events.out.tfevents.*");
    List<String> table = Files.readAllLines(log.resolve("log.csv"));
    assertThat(table.get(0))
        .isEqualTo("epoch,train_loss,train_accuracy,val_loss,accuracy,images_per_second,rate");
    assertThat(table).hasSize(3);
    assertThat(table.get(1)).startsWith("1,");
    assertThat(table.get(2)).startsWith("2,");
    JsonNode last =
        new ObjectMapper().readTree(Files.readAllLines(log.resolve("log.jsonl")).get(1));
    assertThat(last.get("epoch").asInt()).isEqualTo(2);
    assertThat(run.out().lines().skip(1))
        .singleElement(as(STRING))
        .contains(String.format(Locale.ROOT, "val loss %.4f", last.get("val_loss").asDouble()));

    // Nothing is left to do, and the log that is spoken of is there all the same.
    Path second = folder.resolve("second");
    args[args.length - 1] = second.toString();
    String[] again = Arrays.copyOf(args, args.length + 1);
    again[args.length] = "--resume";
    Run resumed = Run.of(again);
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).isEmpty();
    assertThat(resumed.err()).contains("has all 2 epochs already, log in " + second);
    assertThat(second.resolve("log.csv")).hasSameTextualContentAs(log.resolve("log.csv"));
    assertThat(second.resolve("log.jsonl")).hasSameTextualContentAs(log.resolve("log.jsonl"));
  }

  @Test
  void aLogThatCannotBeWrittenIsToldBeforeTheFirstEpoch() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Path out = folder.resolve("m.safetensors");
    Run run =
        Run.of(
            "train",
            images().toString(),
            "--out",
            out.toString(),
            "--log",
            file.resolve("log") + "");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("is a file; choose another --log").hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void aFileInPlaceOfTheUsualLogIsToldBeforeTheFirstEpoch() throws IOException {
    Files.writeString(folder.resolve("n-log"), "no folder");
    Path out = folder.resolve("n.safetensors");
    Run run = Run.of("train", images().toString(), "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("n-log is a file; choose another --log").hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void anImageThatCannotBeExplainedIsToldBeforeTheFirstEpoch() throws IOException {
    Path out = folder.resolve("e.safetensors");
    Path damaged = images().resolve("train/red/damaged.jpg");
    for (Path image : List.of(damaged, folder.resolve("none.png"))) {
      Run run =
          Run.of("train", folder.resolve("data") + "", "--out", out + "", "--explain", image + "");
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err()).contains(image.toString()).hasLineCount(1);
      assertThat(run.out()).isEmpty();
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void imagesOfOneNameHaveSheetsOfTheirOwn() throws IOException {
    Path data = images();
    Path blue = data.resolve("val/blue/0.png");
    List<String> args =
        new ArrayList<>(List.of("train", data + "", "--out", folder + "/s.safetensors"));
    args.addAll(List.of("--arch", "resnet18", "--width", "4", "--size", "32", "--epochs", "1"));
    for (Path image : List.of(blue, data.resolve("val/red/0.png"), blue)) {
      args.addAll(List.of("--explain", image.toString()));
    }

    Run run = Run.of(args.toArray(new String[0]));

    assertThat(run.exitCode()).as(run.err()).isZero();
    try (Stream<Path> files = Files.list(folder.resolve("s-log"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.contains("_epochs"))
          .containsExactlyInAnyOrder(
              "0_epochs.png", "0_epochs.gif", "0-2_epochs.png", "0-2_epochs.gif");
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertUsage("give --out a name that ends in .safetensors", "--out", "m.pth");
    assertUsage("--batch is at least 2", "--out", "m.safetensors", "--batch", "1");
    assertUsage(
        "--head and --width are for ResNets",
        "--out",
        "m.safetensors",
        "--arch",
        "mobilenet_v2",
        "--width",
        "8");
    assertUsage(
        "--init takes the network of its file",
        "--out",
        "m.safetensors",
        "--init",
        "x.pth",
        "--arch",
        "resnet18");
    assertUsage("--live is 1 or more updates", "--out", "m.safetensors", "--live", "0");
    assertUsage(
        "--drop-path is a probability of 0 to below 1",
        "--out",
        "m.safetensors",
        "--drop-path",
        "1");
    for (String option : List.of("--mixup", "--cutmix", "--weight-decay")) {
      assertUsage(option, "--out", "m.safetensors", option, "Infinity");
    }
    assertUsage("--optimizer does not know", "--out", "m.safetensors", "--optimizer", "adma");
  }

  @Test
  void aFolderWithoutClassesCannotBeUsed() {
    Run run = Run.of("train", folder.toString(), "--out", folder + "/m.safetensors");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("has no folder train with one folder of images a class");
  }

  private void assertUsage(String sentence, String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "train";
    args[1] = folder.toString();
    System.arraycopy(options, 0, args, 2, options.length);
    Run run = Run.of(args);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(sentence);
  }

  private Path images() throws IOException {
    return SmallTraining.images(folder.resolve("data"));
  }
}
