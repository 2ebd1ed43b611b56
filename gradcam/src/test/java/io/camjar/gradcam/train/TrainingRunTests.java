package io.camjar.gradcam.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.train.Initialisation;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.train.data.Augmentation;
import io.camjar.gradcam.train.data.Dataset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.container.preparation.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTests {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
  private static final ResNetSpec SPEC =
      ResNetSpec.named("resnet18", new LinearHead(2)).withWidth(4);

  @TempDir Path folder;

  @Test
  void learnsToTellTwoClassesApartAndWritesAFileThatIsExplained() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 24, 4));
    List<EpochReport> reports = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epoch(EpochReport report, Network network) {
            reports.add(report);
          }
        };
    TrainingRun.End end = run(data, file, settings(6, 1), listener, Mode.RUN);
    assertThat(end).isEqualTo(TrainingRun.End.DONE);
    assertThat(reports).hasSize(6);
    assertThat(reports.get(5).accuracy()).isGreaterThanOrEqualTo(0.75);
    assertThat(reports.get(5).trainLoss()).isLessThan(reports.get(0).trainLoss());

    Checkpoint checkpoint = Checkpoints.open(file);
    assertThat(checkpoint.classes()).containsExactly("blue", "red");
    assertThat(checkpoint.remarks()).isEmpty();
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint);
      assertThat(explainer.preset().isSaidByFile()).isTrue();
      assertThat(explainer.preset().height()).isEqualTo(32);
      Explanation explanation = explainer.explain(folder.resolve("data/val/red/00.png"));
      assertThat(explanation.top(1).get(0).target().label()).isEqualTo("red");
    }
  }

  /** Stopped in the middle of an epoch, with frozen epochs, an average and mixed images. */
  @Test
  void goesOnWithTheBitsOfARunThatWasNotInterrupted() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 13, 2));
    Path whole = folder.resolve("whole.safetensors");
    Path parts = folder.resolve("parts.safetensors");
    TrainingSettings settings = settings(3, 2);
    int before = Threads.shared().count();
    run(data, whole, settings, new TrainingListener() {}, Mode.RUN);
    try {
      Threads.setCount(3);
      Mode mode = Mode.RUN;
      for (int batches : new int[] {2, 3, 3}) { // of three an epoch
        assertThat(run(data, parts, settings, new StopAfter(batches), mode))
            .isEqualTo(TrainingRun.End.STOPPED);
        mode = Mode.RESUME;
      }
      run(data, parts, settings, new TrainingListener() {}, Mode.RESUME);
    } finally {
      Threads.setCount(before);
    }
    assertThat(parts).hasSameBinaryContentAs(whole);
  }

  @Test
  void refusesToGoOnUnderOtherSettings() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
    Path file = folder.resolve("m.safetensors");
    assertThatThrownBy(
            () -> run(data, file, settings(1, 1), new TrainingListener() {}, Mode.RESUME))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("m.state.safetensors to go on from; train without --resume first");
    run(data, file, settings(1, 1), new TrainingListener() {}, Mode.RUN);
    assertThatThrownBy(
            () -> run(data, file, settings(2, 1), new TrainingListener() {}, Mode.RESUME))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("was trained with epochs '1', now it is '2'");
  }

  @Test
  void leavesOutImagesThatCannotBeRead() throws IOException {
    Path images = TinyImages.write(folder.resolve("data"), 8, 2);
    Files.writeString(images.resolve("train/red/damaged.jpg"), "no image");
    Files.writeString(images.resolve("val/blue/damaged.png"), "");
    Dataset data = Dataset.open(images);
    try (Network network = network()) {
      TrainingRun run =
          new TrainingRun(
              network,
              "scratch",
              data,
              settings(1, 1),
              NORMALIZATION,
              folder.resolve("m.safetensors"),
              0,
              new TrainingListener() {});
      assertThat(run.run()).isEqualTo(TrainingRun.End.DONE);
      assertThat(run.unusable()).containsOnlyKeys("train/red/damaged.jpg", "val/blue/damaged.png");
      assertThat(run.reports().get(0).skipped()).isEqualTo(2);
    }
  }

  @Test
  void stopsWhereALossIsNotFiniteAndKeepsWhatWasSaved() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
    Path file = folder.resolve("m.safetensors");
    run(data, file, settings(1, 1), new TrainingListener() {}, Mode.RUN);
    byte[] saved = Files.readAllBytes(file);
    try (Network network = network()) {
      network.update(p -> p.get("layer2.0.conv1.weight").assign(3e38f));
      TrainingRun run =
          new TrainingRun(
              network,
              "scratch",
              data,
              settings(1, 1),
              NORMALIZATION,
              file,
              1 << 20,
              new TrainingListener() {});
      assertThatThrownBy(run::run)
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining(
              "training stopped in epoch 1, batch 1: the loss is NaN: layer2.0.conv1 is the first");
    }
    assertThat(file).hasBinaryContent(saved);
  }

  /**
   * Weights that are finite may give outputs that are not: no answer is neither right nor saved.
   */
  @Test
  void stopsWhereAnAnswerIsNotFiniteAndKeepsWhatWasSaved() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
    Path file = folder.resolve("m.safetensors");
    run(data, file, settings(1, 1), new TrainingListener() {}, Mode.RUN);
    byte[] saved = Files.readAllBytes(file);
    try (Network network = network()) {
      // Training goes by the batch's statistics and lets these be; their share of nine tenths
      // stays.
      network.update(p -> p.get("layer2.0.bn1.running_mean").assign(-3e38f));
      network.update(p -> p.get("layer2.0.bn1.running_var").assign(0f));
      TrainingRun run =
          new TrainingRun(
              network,
              "scratch",
              data,
              settings(1, 1),
              NORMALIZATION,
              file,
              1 << 20,
              new TrainingListener() {});
      assertThatThrownBy(run::run)
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining(
              "training stopped after epoch 1: the network has no answer for 4 of the 4 images in"
                  + " val, since its outputs are NaN or infinite");
    }
    assertThat(file).hasBinaryContent(saved);
  }

  @Test
  void refusesEpochsInWhichNothingLearns() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
    Path file = folder.resolve("m.safetensors");
    List<String> body;
    try (Network network = network()) {
      body = LayerPaths.body(network);
    }
    List<String> all = new ArrayList<>(body);
    all.add("fc");
    assertRefused(data, file, frozen(0, all), "--freeze holds every layer, so nothing learns");
    assertRefused(data, file, frozen(1, List.of("fc")), "give --frozen-epochs 0");
    run(data, file, frozen(0, List.of("fc")), new TrainingListener() {}, Mode.RUN);
    run(data, file, frozen(2, body), new TrainingListener() {}, Mode.RUN);
  }

  private static void assertRefused(
      Dataset data, Path file, TrainingSettings settings, String sentence) {
    assertThatThrownBy(() -> run(data, file, settings, new TrainingListener() {}, Mode.RUN))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining(sentence);
  }

  /** Stopped behind the last batch of an epoch, whose report is still to be made. */
  @Test
  void reportsTheLastUpdateOfAnEpochThatWasStoppedAtItsEnd() throws IOException {
    Dataset data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
    List<EpochReport> whole = reports(data, 99);
    List<EpochReport> parts = reports(data, 2); // of two an epoch
    assertThat(parts).hasSize(2);
    for (int epoch = 0; epoch < 2; epoch++) {
      assertThat(parts.get(epoch))
          .usingRecursiveComparison()
          .ignoringFields("imagesPerSecond")
          .isEqualTo(whole.get(epoch));
    }
  }

  private List<EpochReport> reports(Dataset data, int batches) {
    Path file = folder.resolve(batches + ".safetensors");
    List<EpochReport> reports = new ArrayList<>();
    run(data, file, settings(2, 1), new StopAfter(batches, reports), Mode.RUN);
    if (batches < 4) {
      run(data, file, settings(2, 1), new StopAfter(99, reports), Mode.RESUME);
    }
    return reports;
  }

  private enum Mode {
    RUN,
    RESUME
  }

  /** Stops when a number of batches was learned from. */
  private static final class StopAfter implements TrainingListener {
    private final List<EpochReport> reports;
    private int left;

    StopAfter(int batches) {
      this(batches, new ArrayList<>());
    }

    StopAfter(int batches, List<EpochReport> reports) {
      this.left = batches;
      this.reports = reports;
    }

    @Override
    public void epoch(EpochReport report, Network network) {
      reports.add(report);
    }

    @Override
    public void batch(int epoch, int done, int total, double loss, double accuracy) {
      left--;
    }

    @Override
    public boolean stops() {
      return left <= 0;
    }
  }

  private static Network network() {
    return Network.of(SPEC, new Initialisation(SPEC.graph(), 1));
  }

  private static TrainingRun.End run(
      Dataset data, Path file, TrainingSettings settings, TrainingListener listener, Mode mode) {
    try (Network network = network()) {
      TrainingRun run =
          new TrainingRun(
              network, "scratch", data, settings, NORMALIZATION, file, 1 << 20, listener);
      return mode == Mode.RESUME ? run.resume() : run.run();
    }
  }

  private static TrainingSettings frozen(int frozenEpochs, List<String> frozen) {
    return settings(2, frozenEpochs, 1, 0.1, 0, frozen);
  }

  static TrainingSettings settings(
      int epochs, int frozenEpochs, int parts, double bodyRate, double mixup, List<String> frozen) {
    return new TrainingSettings(
        epochs,
        frozenEpochs,
        32,
        8,
        parts,
        0.01,
        bodyRate,
        "adamw",
        "onecycle",
        0.05,
        0.1,
        mixup,
        0,
        0,
        0,
        0,
        frozen,
        3,
        Augmentation.USUAL);
  }

  private static TrainingSettings settings(int epochs, int parts) {
    boolean all = parts > 1;
    return new TrainingSettings(
        epochs,
        all ? 1 : 0,
        32,
        8,
        parts,
        0.01,
        all ? 0.1 : 1,
        "adamw",
        "onecycle",
        0.05,
        0.1,
        all ? 0.2 : 0,
        all ? 1 : 0,
        0,
        all ? 1 : 0,
        all ? 0.9 : 0,
        List.of(),
        3,
        Augmentation.USUAL);
  }
}
