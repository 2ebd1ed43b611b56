package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.images.FolderImages;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.MapSearch;
import io.camjar.gradcam.cli.options.DebugOption;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ImageOptions;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.MemoryOption;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.target.Outputs;
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

/** {@code camjar evaluate}: how often a network is right, or how faithful its maps are. */
@Command(
    name = "evaluate",
    description = {
      "Measure how often a network is right, how faithful its maps are, and where it looks.",
      "Alone: the accuracy on a folder of images with one folder a class;",
      "with --method: how faithful maps are to the network, on images in any folders;",
      "with --clusters: which groups of images it looks at in the same way."
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private DebugOption root;
  @Mixin HelpOption help;
  @Mixin private ModelOptions options;
  @Mixin private ReadoutOptions readout;
  @Mixin private FaithfulnessArguments faithfulness;
  @Mixin private ClusterArguments clusters;
  @Mixin private ImageOptions reading;

  @Parameters(
      paramLabel = "DIR",
      description =
          "Images in one folder a class, to any depth; or a pattern such as 'val/*/*.jpg', quoted."
              + " Folders go by the classes' names, some of the classes will do; where names are"
              + " not known, by alphabetical order.")
  private String folder;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write the results to files there too, image by image and in sum: accuracy and"
              + " confusion, faithfulness or sanity, .csv and .json, some as .png (default with"
              + " --clusters: ./camjar-out).")
  private @Nullable Path out;

  @Mixin private DeviceOption device;

  @Mixin private MemoryOption memory;

  @Override
  public Integer call() {
    options.checkUsage();
    device.check(spec);
    memory.check(spec);
    readout.check();
    faithfulness.check(clusters.wanted());
    clusters.check();
    reading.check();
    Path folderOfResults = out == null && clusters.wanted() ? ClusterArguments.OUT : out;
    ResultFiles results = new ResultFiles(folderOfResults, spec.commandLine().getErr());
    results.check();
    FolderImages.root(folder);
    ImageFiles files = new ImageFiles(reading.options(), spec.commandLine().getErr());
    memory.apply();
    KernelPlan.decide(device.select() ? Work.MUCH : 0);
    try (LoadedModel plain = options.load()) {
      Explainer explainer = readout.apply(plain.explainer());
      options.preparing(explainer.preset(), spec.commandLine().getErr());
      ReadoutOptions.say(explainer.readout(), spec.commandLine().getErr());
      LoadedModel model = new LoadedModel(plain.network(), explainer);
      if (explainer.labels().count() == 0) {
        throw new CamjarException(
            explainer.model().source()
                + " has no classifier, so there are no classes to be right or wrong about; give a"
                + " file with one");
      }
      if (clusters.wanted()) {
        Explainer maps = explainer.withMethod(faithfulness.method());
        if (faithfulness.layer() != null) {
          maps = maps.withLayers(List.of(faithfulness.layer()));
        }
        maps.check();
        return new ClusterRun(
                maps,
                clusters.count(),
                MapSearch.of(folder, folderOfResults, faithfulness.limitOrAll(), maps.labels()),
                files,
                spec.commandLine(),
                root.debug())
            .run(results);
      }
      if (faithfulness.wanted()) {
        return new FaithfulnessRun(
                model, faithfulness, folder, out, files, spec.commandLine(), root.debug())
            .run(results);
      }
      if (explainer.readout().outputs() == Outputs.RAW && explainer.labels().outputs() == 1) {
        throw new CamjarException(
            "the network's one output is read as a raw number, which is no class and cannot be"
                + " right; --outputs sigmoid if it answers yes or no");
      }
      FolderImages pictures = FolderImages.find(folder, out, explainer.labels());
      pictures.say(spec.commandLine().getErr());
      pictures = pictures.spread(faithfulness.limitOrAll());
      return new AccuracyRun(model, pictures, files, spec.commandLine(), root.debug()).run(results);
    }
  }
}
