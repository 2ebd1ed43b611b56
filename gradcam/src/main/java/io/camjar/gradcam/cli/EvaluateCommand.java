package io.camjar.gradcam.cli;

import io.camjar.gradcam.accuracy.ImageFolder;
import java.nio.file.Path;
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
      "Measure a network's accuracy on a folder of pictures with one folder a class;",
      "with --method, how faithful maps are to the network, on pictures in any folders."
    })
final class EvaluateCommand implements Callable<Integer> {
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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write the results to files there too, picture by picture and in sum: accuracy,"
              + " faithfulness or sanity, .csv and .json.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    options.checkUsage();
    faithfulness.check();
    ResultFiles results = new ResultFiles(out, spec.commandLine().getErr());
    results.check();
    if (faithfulness.wanted()) {
      try (LoadedModel model = options.load()) {
        return new FaithfulnessRun(model, faithfulness, folder, spec.commandLine(), root.debug)
            .run(results);
      }
    }
    ImageFolder pictures = ImageFolder.list(folder);
    try (LoadedModel model = options.load()) {
      pictures.requireClasses(model.explainer().labels().count());
      return new AccuracyRun(model, folder, pictures, spec.commandLine(), root.debug).run(results);
    }
  }
}
