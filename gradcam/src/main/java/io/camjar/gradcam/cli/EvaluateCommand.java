package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.accuracy.ImageFolder;
import io.camjar.gradcam.accuracy.LabelledPicture;
import io.camjar.gradcam.accuracy.Tally;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code camjar evaluate}: how often a network is right, or how faithful its maps are. */
@Command(
    name = "evaluate",
    description = {
      "Measure a network's accuracy on a folder of pictures with one folder a class;",
      "with --method, how faithful maps are to the network, on pictures in any folders."
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int BATCH = 8;
  private static final int REPORT_EVERY = 200;

  @Spec private CommandSpec spec;
  @ParentCommand private RootCommand root;
  @Mixin HelpOption help;
  @Mixin private ModelOptions options;
  @Mixin private FaithfulnessArguments faithfulness;

  @Parameters(
      paramLabel = "DIR",
      description =
          "Pictures in one folder a class; the folders' names in alphabetical order are the classes"
              + " in index order.")
  private Path folder;

  @Override
  public Integer call() {
    options.checkUsage();
    faithfulness.check();
    if (faithfulness.wanted()) {
      try (LoadedModel model = options.load()) {
        return new FaithfulnessRun(model, faithfulness, folder, spec.commandLine(), root.debug)
            .run();
      }
    }
    ImageFolder pictures = ImageFolder.list(folder);
    try (LoadedModel model = options.load()) {
      Labels labels = model.explainer().labels();
      pictures.requireClasses(labels.count());
      Preset preset = model.explainer().preset();
      Tally tally = new Tally(labels.count());
      int failed = measure(pictures, new Classifier(model.network(), preset), tally);
      print(tally, labels, pictures.classes(), preset);
      return failed == 0 ? ExitCode.DONE : ExitCode.UNUSABLE;
    }
  }

  /** Returns how many pictures could not be read. */
  private int measure(ImageFolder folder, Classifier classifier, Tally tally) {
    PrintWriter err = spec.commandLine().getErr();
    List<RgbImage> batch = new ArrayList<>();
    List<Integer> actual = new ArrayList<>();
    int failed = 0;
    int done = 0;
    int total = folder.pictures().size();
    for (LabelledPicture picture : folder.pictures()) {
      try {
        batch.add(Images.read(picture.file()));
        actual.add(picture.classIndex());
      } catch (CamjarException e) {
        failed++;
        Failures.report(e, err, root.debug);
      }
      done++;
      if (batch.size() == BATCH || done == total) {
        count(classifier, batch, actual, tally);
      }
      if (done % REPORT_EVERY == 0 || done == total) {
        err.printf("camjar: %d of %d pictures%n", done, total);
        err.flush();
      }
    }
    return failed;
  }

  private static void count(
      Classifier classifier, List<RgbImage> batch, List<Integer> actual, Tally tally) {
    if (!batch.isEmpty()) {
      int[] predicted = classifier.classify(batch);
      for (int i = 0; i < predicted.length; i++) {
        tally.add(actual.get(i), predicted[i]);
      }
      batch.clear();
      actual.clear();
    }
  }

  private void print(Tally tally, Labels labels, List<String> folders, Preset preset) {
    TextTable table = new TextTable("folder", "class", ">pictures", ">right", ">accuracy");
    for (int c = 0; c < labels.count(); c++) {
      table.row(
          List.of(
              folders.get(c),
              labels.at(c).display(),
              Integer.toString(tally.count(c)),
              Integer.toString(tally.right(c)),
              percent((double) tally.right(c) / tally.count(c))));
    }
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.printf(
        "accuracy %s, %d of %d pictures right, preset %s%n",
        percent(tally.accuracy()), tally.right(), tally.count(), preset);
    out.flush();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
