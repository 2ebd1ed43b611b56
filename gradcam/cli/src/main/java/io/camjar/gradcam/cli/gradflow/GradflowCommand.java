package io.camjar.gradcam.cli.gradflow;

import io.camjar.engine.CamjarException;
import io.camjar.engine.statistics.Measure;
import io.camjar.gradcam.ClassArguments;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.ImageSearch;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.DebugOption;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ImageOptions;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.options.ThreadsOption;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.flow.Thresholds;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code camjar gradflow}: statistics of activations and gradients at every point. */
@Command(
    name = "gradflow",
    description = {
      "Measure how activations and gradients flow through a network, at every point.",
      "Mean, deviation, share near zero, norm and histogram, on the branch and the shortcut of",
      "residual blocks apart; says what is dead, vanishes, explodes or is not finite."
    })
public final class GradflowCommand implements Callable<Integer> {
  /** Forward, and a backward to values and to parameters. */
  private static final int PASSES = 3;

  @Spec private CommandSpec spec;
  @ParentCommand private DebugOption root;
  @Mixin HelpOption help;
  @Mixin private ModelOptions options;
  @Mixin private ReadoutOptions readout;
  @Mixin private ImageOptions reading;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Image files; folders, with all images below them; patterns, quoted.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "N|NAME",
      defaultValue = "top1",
      description =
          "The class whose logit the gradients are of (default: the top-1 class of each image).")
  private String target;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "camjar-out",
      description = "Where results go (default: ./${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--near-zero",
      paramLabel = "X",
      defaultValue = "0.05",
      description = "Values of at most this size count as near zero (default: ${DEFAULT-VALUE}).")
  private float nearZero;

  @Option(
      names = "--dead",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description =
          "Share of a point's units that are 0 for every image from which it is called dead"
              + " (default: ${DEFAULT-VALUE}).")
  private double dead;

  @Option(
      names = "--exploding",
      paramLabel = "X",
      defaultValue = "100",
      description =
          "How many times as large as the input, or the score's gradient, a signal may be (default:"
              + " ${DEFAULT-VALUE}).")
  private double exploding;

  @Option(
      names = "--vanishing",
      paramLabel = "X",
      defaultValue = "0.001",
      description = "The same downwards (default: ${DEFAULT-VALUE}).")
  private double vanishing;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() {
    checkUsage();
    Staging.check(out);
    ImageSearch found = ImageSearch.of(words, out);
    boolean onCpu = device.select();
    OptionalInt ended = KernelPlan.decide(onCpu ? (long) PASSES * found.pictures().size() : 0);
    if (ended.isPresent()) {
      return ended.getAsInt();
    }
    PrintWriter err = spec.commandLine().getErr();
    if (found.passedOver() > 0) {
      err.printf("camjar: files passed over, no images by their looks: %d%n", found.passedOver());
    }
    ImageFiles files = new ImageFiles(reading.options(), err);
    try (LoadedModel plain = options.load()) {
      threads.apply();
      Explainer explainer = readout.apply(plain.explainer());
      explainer = explainer.withReadout(ClassArguments.sided(List.of(target), explainer.readout()));
      options.preparing(explainer.preset(), err);
      ReadoutOptions.say(explainer.readout(), err);
      if (explainer.labels().count() == 0) {
        throw new CamjarException(
            explainer.model().source()
                + " has no classifier, so there is no score and no gradient of one; give a file"
                + " with one");
      }
      ClassArguments.remarks(List.of(target), explainer.labels())
          .forEach(remark -> err.println("camjar: " + remark));
      List<Target> targets = ClassArguments.targets(List.of(target), explainer.readout());
      return new GradflowRun(
              new LoadedModel(plain.network(), explainer),
              targets.get(0),
              target,
              files,
              spec.commandLine(),
              root.debug())
          .run(
              found.pictures(),
              new Measure(nearZero, true),
              new Thresholds(dead, exploding, vanishing),
              out);
    }
  }

  private void checkUsage() {
    device.check(spec);
    options.checkUsage();
    readout.check();
    reading.check();
    threads.check(spec);
    Arguments.require(
        spec,
        nearZero >= 0 && nearZero <= Float.MAX_VALUE,
        "--near-zero is " + nearZero + ", but must be 0 or more");
    Arguments.require(
        spec, dead > 0 && dead <= 1, "--dead is " + dead + ", but must be above 0 and at most 1");
    Arguments.require(
        spec, exploding > 1, "--exploding is " + exploding + ", but must be more than 1");
    Arguments.require(
        spec,
        vanishing > 0 && vanishing < 1,
        "--vanishing is " + vanishing + ", but must be above 0 and below 1");
    Arguments.require(
        spec,
        !ClassArguments.isEmpty(target),
        "--class is '%s'; give an index or a name".formatted(target));
  }
}
