package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.accuracy.Answer;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.accuracy.ImageFolder;
import io.camjar.gradcam.accuracy.LabelledPicture;
import io.camjar.gradcam.accuracy.Tally;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Counts how often a network is right on a folder of pictures, and prints a table over classes. */
final class AccuracyRun {
  private static final int BATCH = 8;

  private final Explainer explainer;
  private final Classifier classifier;
  private final Path root;
  private final ImageFolder folder;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  /**
   * A run over these pictures.
   *
   * @param root the folder that holds the classes' folders
   * @param folder what lies in it
   */
  AccuracyRun(
      LoadedModel model, Path root, ImageFolder folder, CommandLine commandLine, boolean debug) {
    this.explainer = model.explainer();
    this.classifier = new Classifier(model.network(), explainer.preset());
    this.root = root;
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
    Tally tally = new Tally(labels.count());
    answers.forEach(a -> tally.add(a.actual(), a.predicted().target().index()));
    print(tally, labels);
    results.write(
        staging -> {
          staging.add("accuracy.csv", csv(labels));
          staging.add("accuracy.json", Json.bytes(record(tally, labels)));
        });
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private void measure() {
    ProgressOnErr progress = ProgressOnErr.of(err);
    List<RgbImage> batch = new ArrayList<>();
    List<LabelledPicture> shown = new ArrayList<>();
    int done = 0;
    int total = folder.pictures().size();
    progress.at("accuracy", 0, total);
    for (LabelledPicture picture : folder.pictures()) {
      try {
        batch.add(Images.read(picture.file()));
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

  private void answer(List<RgbImage> batch, List<LabelledPicture> shown) {
    if (!batch.isEmpty()) {
      float[][] logits = classifier.logits(batch);
      for (int i = 0; i < logits.length; i++) {
        LabelledPicture picture = shown.get(i);
        answers.add(
            new Answer(
                name(picture.file()),
                picture.classIndex(),
                explainer.readout().likeliest(logits[i])));
      }
      batch.clear();
      shown.clear();
    }
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private void print(Tally tally, Labels labels) {
    TextTable table = new TextTable("folder", "class", ">pictures", ">right", ">accuracy");
    for (int c = 0; c < labels.count(); c++) {
      table.row(
          List.of(
              folder.classes().get(c),
              labels.at(c).display(),
              Integer.toString(tally.count(c)),
              Integer.toString(tally.right(c)),
              percent((double) tally.right(c) / tally.count(c))));
    }
    table.print(out);
    out.printf(
        "accuracy %s, %d of %d pictures right, preset %s%n",
        percent(tally.accuracy()), tally.right(), tally.count(), explainer.preset());
    out.flush();
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

  private AccuracyRecord record(Tally tally, Labels labels) {
    List<AccuracyRecord.OfClass> classes = new ArrayList<>();
    for (int c = 0; c < labels.count(); c++) {
      classes.add(
          new AccuracyRecord.OfClass(
              folder.classes().get(c), labels.at(c), tally.count(c), tally.right(c)));
    }
    return new AccuracyRecord(
        explainer.model(),
        explainer.preset().toString(),
        tally.count(),
        tally.right(),
        classes,
        failed,
        answers.stream()
            .map(
                a ->
                    new AccuracyRecord.OfPicture(
                        a.picture(),
                        labels.at(a.actual()),
                        a.predicted().target(),
                        Json.finite(a.predicted().probability())))
            .toList());
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
