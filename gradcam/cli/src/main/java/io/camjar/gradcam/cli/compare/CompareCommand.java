package io.camjar.gradcam.cli.compare;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.images.FolderImages;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.MapSearch;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.Candidates;
import io.camjar.gradcam.cli.options.DebugOption;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ImageOptions;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.options.PreparationOptions;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.method.CamMethods;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code camjar compare}: on which images two networks answer differently, or look elsewhere. */
@Command(
    name = "compare",
    description = {
      "Compare two networks on a folder of images: where answers and maps changed most.",
      "Maps of both explain the first network's top-1 class."
    })
public final class CompareCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 200;

  @Spec private CommandSpec spec;
  @ParentCommand private DebugOption root;
  @Mixin HelpOption help;
  @Mixin private PreparationOptions preparation;
  @Mixin private ReadoutOptions readout;
  @Mixin private ImageOptions reading;

  @Parameters(index = "0", paramLabel = "A", description = "The first network's weights file.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "The second network's weights file.")
  private Path second;

  @Parameters(
      index = "2",
      paramLabel = "DIR",
      description =
          "A folder with all images below it, or a pattern such as 'val/**/*.jpg', quoted.")
  private String folder;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "gradcam",
      completionCandidates = Candidates.Methods.class,
      description = "The method of the maps: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "The layer of the maps in both networks (default: each one's last block).")
  private @Nullable String layer;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many images, spread evenly over the folder (default: all).")
  private @Nullable Integer limit;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "12",
      description = "How many images of each list are shown (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "camjar-out",
      description =
          "Where compare.csv, compare.json, compare.png and compare.html go (default:"
              + " ./${DEFAULT-VALUE}).")
  private Path out;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() {
    preparation.checkUsage();
    device.check(spec);
    readout.check();
    reading.check();
    Arguments.requireUsable(spec, () -> CamMethods.named(method));
    Arguments.require(
        spec, limit == null || limit >= 1, "--limit is " + limit + ", but must be 1 or more");
    Arguments.require(
        spec,
        top >= 1 && top <= MOST_SHOWN,
        "--top is %d, but must lie in 1 to %d".formatted(top, MOST_SHOWN));
    PrintWriter err = spec.commandLine().getErr();
    ResultFiles results = new ResultFiles(out, err);
    results.check();
    FolderImages.root(folder);
    KernelPlan.decide(device.select() ? Work.MUCH : 0);
    try (LoadedModel a = load(first);
        LoadedModel b = load(second)) {
      MapSearch search =
          MapSearch.of(
              folder, out, limit == null ? Integer.MAX_VALUE : limit, a.explainer().labels());
      return new CompareRun(
              a.explainer(),
              b.explainer(),
              search,
              new ImageFiles(reading.options(), err),
              spec.commandLine(),
              root.debug())
          .run(top, results);
    }
  }

  private LoadedModel load(Path weights) {
    PrintWriter err = spec.commandLine().getErr();
    LoadedModel model = Models.load(weights, null, err);
    try {
      return new LoadedModel(model.network(), asked(model.explainer()));
    } catch (CamjarException e) {
      model.close();
      throw e;
    }
  }

  private Explainer asked(Explainer plain) {
    PrintWriter err = spec.commandLine().getErr();
    Explainer explainer =
        readout.apply(preparation.prepared(plain)).withMethod(CamMethods.named(method));
    explainer.preset().check();
    err.println("camjar: " + explainer.preset().describe());
    ReadoutOptions.say(explainer.readout(), err);
    if (explainer.labels().count() == 0) {
      throw new CamjarException(
          explainer.model().source()
              + " has no classifier, so there are no answers to compare; give a file with one");
    }
    Explainer asked = layer == null ? explainer : explainer.withLayers(List.of(layer));
    asked.check();
    return asked;
  }
}
