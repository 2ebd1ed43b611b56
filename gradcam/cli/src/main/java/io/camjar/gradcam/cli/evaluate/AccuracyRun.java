package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.accuracy.Answer;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.accuracy.Confusion;
import io.camjar.gradcam.accuracy.LabelledImage;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.images.FolderImages;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.target.Outputs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Counts how often a network is right on a folder of images, and prints a table over classes. */
final class AccuracyRun {
  private static final int BATCH = 8;

  /** From here on a label that is asked about by itself counts as there. */
  private static final double THRESHOLD = 0.5;

  private final Explainer explainer;
  private final Classifier classifier;

  /** What the exits are asked, where the network has several. */
  private final Optional<ExitRun> exits;

  private final FolderImages folder;
  private final ImageFiles files;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private int found;

  /**
   * A run over these images.
   *
   * @param folder the images, and what says which class they show
   * @param files reads them
   */
  AccuracyRun(
      LoadedModel model,
      FolderImages folder,
      ImageFiles files,
      CommandLine commandLine,
      boolean debug) {
    this.files = files;
    Explainer plain = model.explainer();
    Readout named =
        plain.readout().with(plain.readout().labelsDecision().of(folder.folders().labels()));
    this.explainer = plain.withReadout(named);
    this.classifier = new Classifier(model.network(), explainer.preset());
    this.exits =
        model.network().architecture().exits().isEmpty()
            ? Optional.empty()
            : Optional.of(new ExitRun(explainer, folder, files, commandLine.getErr()));
    this.folder = folder;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /**
   * Does it; returns the exit code.
   *
   * @param results where files go
   */
  int run(ResultFiles results) {
    measure();
    Labels labels = explainer.labels();
    List<Integer> shown =
        folder.folders().classes().values().stream().map(ClassLabel::index).toList();
    Confusion confusion = Confusion.of(answers, shown);
    ConfusionFiles matrix = new ConfusionFiles(confusion, labels);
    print(confusion);
    out.println();
    matrix.print(out);
    out.println(total(confusion));
    severalLabels();
    exits.ifPresent(
        run -> {
          run.measure();
          run.print(out);
        });
    out.flush();
    results.write(
        staging -> {
          exits.ifPresent(run -> staging.add("exits.csv", run.csv(labels)));
          staging.add("accuracy.csv", csv(labels));
          staging.add("accuracy.json", RecordJson.bytes(record(confusion, labels)));
          matrix.add(
              staging,
              "%d images, %s right"
                  .formatted(confusion.pictures(), percent(Finite.orNull(confusion.accuracy()))),
              "rows: what images show; columns: answers; colour: share of the row");
        });
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private void measure() {
    ProgressOnErr progress = ProgressOnErr.of(err);
    List<RgbImage> batch = new ArrayList<>();
    List<LabelledImage> shown = new ArrayList<>();
    int done = 0;
    int total = folder.pictures().size();
    progress.at("accuracy", 0, total);
    for (LabelledImage picture : folder.pictures()) {
      try {
        batch.add(files.read(picture.file()).image());
        shown.add(picture);
      } catch (CamjarException e) {
        failed.add(name(picture.file()));
        Failures.report(e, err, debug);
      }
      done++;
      if (batch.size() == BATCH || done == total) {
        answer(batch, shown);
        progress.at("accuracy", done, total);
      }
    }
  }

  private void answer(List<RgbImage> batch, List<LabelledImage> shown) {
    if (!batch.isEmpty()) {
      float[][] logits = classifier.logits(batch);
      for (int i = 0; i < logits.length; i++) {
        LabelledImage picture = shown.get(i);
        if (!Finite.all(logits[i])) {
          failed.add(name(picture.file()));
          err.printf(
              "camjar: %s has no answer: the network's outputs are NaN or infinite, through its"
                  + " weights or on the way%n",
              name(picture.file()));
          continue;
        }
        double share = explainer.readout().shares(logits[i])[picture.classIndex()];
        found += share >= THRESHOLD ? 1 : 0;
        answers.add(
            new Answer(
                name(picture.file()),
                picture.classIndex(),
                explainer.readout().predicted(logits[i])));
      }
      batch.clear();
      shown.clear();
    }
  }

  private String name(Path file) {
    return folder.root().relativize(file).toString().replace('\\', '/');
  }

  private void print(Confusion confusion) {
    TextTable table =
        new TextTable("folder", "class", ">images", ">right", ">precision", ">recall");
    for (AccuracyRecord.OfClass one : classes(confusion)) {
      table.row(
          List.of(
              one.folder(),
              one.target().display(),
              Integer.toString(one.pictures()),
              Integer.toString(one.right()),
              percent(one.precision()),
              percent(one.recall())));
    }
    table.print(out);
  }

  private String total(Confusion confusion) {
    return "accuracy %s, %d of %d images right, preset %s"
        .formatted(
            percent(Finite.orNull(confusion.accuracy())),
            confusion.right(),
            confusion.pictures(),
            explainer.preset());
  }

  /** What a folder says of an image with several labels is not all that is true of it. */
  private void severalLabels() {
    Readout readout = explainer.readout();
    if (readout.severalLabels()) {
      out.printf(
          "outputs are read as sigmoid, each of several labels for itself: right is an image whose"
              + " folder's label has the largest share; on %d of %d images that label's share is"
              + " %.1f or more%n",
          found, answers.size(), THRESHOLD);
    } else if (readout.outputs() == Outputs.RAW) {
      out.println("outputs are read as raw numbers: right is an image whose folder's is largest");
    }
  }

  private List<AccuracyRecord.OfClass> classes(Confusion confusion) {
    List<AccuracyRecord.OfClass> classes = new ArrayList<>();
    Map<String, ClassLabel> folders = folder.folders().classes();
    for (int i = 0; i < confusion.size(); i++) {
      int index = confusion.classAt(i);
      for (Map.Entry<String, ClassLabel> entry : folders.entrySet()) {
        if (entry.getValue().index() == index) {
          classes.add(
              new AccuracyRecord.OfClass(
                  entry.getKey(),
                  entry.getValue(),
                  confusion.actual(i),
                  confusion.count(i, i),
                  Finite.orNull(confusion.recall(i)),
                  Finite.orNull(confusion.precision(i))));
        }
      }
    }
    return classes;
  }

  private byte[] csv(Labels labels) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Answer answer : answers) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(answer.picture());
      row.add(answer.actual());
      row.add(labels.at(answer.actual()).label());
      row.add(answer.predicted().target().index());
      row.add(answer.predicted().target().label());
      row.add(answer.predicted().probability());
      row.add(answer.right());
      rows.add(row);
    }
    return Csv.of(
        List.of(
            "picture",
            "index",
            "label",
            "predicted_index",
            "predicted_label",
            "probability",
            "right"),
        rows);
  }

  private AccuracyRecord record(Confusion confusion, Labels labels) {
    return new AccuracyRecord(
        explainer.model(),
        explainer.preset().toString(),
        explainer.readout().outputs().word(),
        folder.folders().basis().name().toLowerCase(Locale.ROOT),
        confusion.pictures(),
        confusion.right(),
        folder.passedOver() + folder.loose(),
        classes(confusion),
        failed,
        answers.stream()
            .map(
                a ->
                    new AccuracyRecord.OfImage(
                        a.picture(),
                        labels.at(a.actual()),
                        a.predicted().target(),
                        Finite.orNull(a.predicted().probability())))
            .toList());
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
