package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.Decision;
import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.labels.ClassNames;
import io.camjar.gradcam.labels.LabelFile;
import io.camjar.gradcam.target.Outputs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What classes are called, and what outputs mean: what commands that run a network share. */
public final class ReadoutOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Class names: one a line in index order, 'number: name' lines, or JSON such as"
              + " imagenet_class_index.json or a config.json with id2label (default: the file's).")
  private @Nullable Path labels;

  @Option(
      names = "--outputs",
      paramLabel = "MEANING",
      description =
          "What outputs mean: softmax (one class of several), sigmoid (several labels, or one output"
              + " for yes or no) or raw (numbers) (default: what the file says, else softmax, of a"
              + " single output sigmoid).")
  private @Nullable String outputs;

  /** Refuses what makes no sense. */
  public void check() {
    if (outputs != null) {
      String word = outputs;
      Arguments.requireUsable(spec, () -> Outputs.named(word));
    }
  }

  /**
   * An explainer that reads logits as asked for.
   *
   * @throws io.camjar.engine.CamjarException if the labels cannot be read or do not fit
   */
  public Explainer apply(Explainer explainer) {
    return meaning(names().map(names -> named(explainer, names)).orElse(explainer));
  }

  /**
   * The same, but for names that do not fit.
   *
   * @param names what {@link #names} gave
   */
  public Explainer applyFitting(Explainer explainer, Optional<ClassNames> names) {
    int outputs = explainer.labels().outputs();
    Optional<ClassNames> fitting =
        names.filter(
            known ->
                known.names().size() == outputs || (outputs == 1 && known.names().size() == 2));
    return meaning(fitting.map(known -> named(explainer, known)).orElse(explainer));
  }

  /**
   * The names of {@code --labels}; empty without.
   *
   * @throws io.camjar.engine.CamjarException if they cannot be read
   */
  public Optional<ClassNames> names() {
    return Optional.ofNullable(labels).map(LabelFile::read);
  }

  private Explainer named(Explainer explainer, ClassNames names) {
    return explainer.withReadout(
        explainer
            .readout()
            .with(
                new Decision<>(
                    Labels.of(names.names(), names.ids()), By.OPTION, "--labels " + labels)));
  }

  private Explainer meaning(Explainer explainer) {
    return outputs == null
        ? explainer
        : explainer.withReadout(
            explainer
                .readout()
                .reading(
                    new Decision<>(Outputs.named(outputs), By.OPTION, "--outputs " + outputs)));
  }

  /** Tells the user what was taken for granted, and what a file said that is not usual. */
  public static void say(Readout readout, PrintWriter err) {
    remarks(readout).forEach(remark -> err.println("camjar: " + remark));
    err.flush();
  }

  /** What was taken for granted, and what a file said that is not usual, a sentence each. */
  public static List<String> remarks(Readout readout) {
    List<String> remarks = new ArrayList<>();
    Decision<Outputs> meaning = readout.outputsDecision();
    if (meaning.by() == By.NETWORK && meaning.value() == Outputs.SIGMOID) {
      remarks.add(
          "%s, read as sigmoid: %s; --outputs raw if it is a number"
              .formatted(meaning.reason(), sides(readout.labels())));
    } else if (meaning.by() == By.FILE && meaning.value() != Outputs.SOFTMAX) {
      remarks.add(
          "outputs are read as %s; the file says so: %s (--outputs chooses)"
              .formatted(description(readout), meaning.reason()));
    }
    Decision<Labels> names = readout.labelsDecision();
    if (names.by() == By.ASSUMED && !names.reason().equals(Readout.NO_NAMES)) {
      remarks.add(names.reason());
    }
    return remarks;
  }

  private static String sides(Labels labels) {
    return labels.twoSided()
        ? "below 0 it speaks for %s, else for %s"
            .formatted(labels.at(0).display(), labels.at(1).display())
        : "the share and the maps are those of yes (--class negative explains no)";
  }

  private static String description(Readout readout) {
    return switch (readout.outputs()) {
      case SOFTMAX -> "softmax, one class of several";
      case SIGMOID ->
          readout.severalLabels()
              ? "sigmoid, each of several labels for itself"
              : "sigmoid, one output for yes or no";
      case RAW -> "raw numbers without shares";
    };
  }
}
