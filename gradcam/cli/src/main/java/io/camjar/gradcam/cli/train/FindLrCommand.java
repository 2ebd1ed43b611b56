package io.camjar.gradcam.cli.train;

import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.render.LinePlot;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.train.RateFinder;
import io.camjar.gradcam.train.data.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camjar find-lr}: which learning rates a network bears. */
@Command(
    name = "find-lr",
    description =
        "Raise the learning rate from update to update, and see where the loss falls and rises.")
public final class FindLrCommand implements Callable<Integer> {
  /** More tell nothing more. */
  private static final int MOST = 10_000;

  @Spec private CommandSpec spec;
  @Mixin HelpOption help;
  @Mixin private NetworkOptions networks;
  @Mixin private RecipeOptions recipe;

  @Parameters(paramLabel = "DIR", description = "Images as train takes them.")
  private Path folder;

  @Option(
      names = "--updates",
      paramLabel = "N",
      defaultValue = "100",
      description = "Updates from 1e-7 to 10 (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(names = "--out", paramLabel = "FILE", description = "Draw the loss over the rate, .png.")
  private @Nullable Path out;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException {
    device.check(spec);
    networks.check(spec);
    recipe.check(spec);
    Arguments.require(
        spec, updates >= 10 && updates <= MOST, "--updates is 10 to " + MOST + ", not " + updates);
    if (out != null) {
      Arguments.require(
          spec,
          out.toString().toLowerCase(Locale.ROOT).endsWith(".png"),
          "find-lr draws a PNG; give --out a name that ends in .png, not '%s'".formatted(out));
      Staging.checkFile(out, "--out");
    }
    boolean onCpu = device.select();
    PrintWriter err = spec.commandLine().getErr();
    Dataset data = Dataset.open(folder);
    KernelPlan.decide(onCpu ? Work.MUCH : 0);
    HeadStart.await();
    ProgressOnErr progress = ProgressOnErr.of(err);
    RateFinder.Found found;
    try (NetworkOptions.Start start = networks.start(data.names(), recipe, err)) {
      found =
          RateFinder.find(
              start.network(),
              data,
              recipe.settings(start.network(), networks.fineTunes()),
              start.normalization(),
              updates,
              done -> progress.at("find-lr", done, updates));
    }
    progress.close();
    PrintWriter results = spec.commandLine().getOut();
    int step = Math.max(1, found.points().size() / 20);
    for (int i = 0; i < found.points().size(); i += step) {
      RateFinder.Point point = found.points().get(i);
      results.printf(Locale.ROOT, "rate %.2e  loss %.4f%n", point.rate(), point.loss());
    }
    if (found.falls()) {
      results.printf(
          Locale.ROOT,
          "the loss falls fastest at %.2e; a tenth of the rate of the least loss is %.2e%n",
          found.steepest(),
          found.tenthOfLeast());
    } else {
      results.println("the loss is least at the first rate: none of these makes it fall");
    }
    results.flush();
    if (out != null) {
      Files.write(out, Png.encode(plot(found).draw()));
    }
    return ExitCode.DONE;
  }

  private static LinePlot plot(RateFinder.Found found) {
    double[] x = found.points().stream().mapToDouble(p -> Math.log10(p.rate() / 1e-7)).toArray();
    double[] y = found.points().stream().mapToDouble(RateFinder.Point::loss).toArray();
    return new LinePlot(
        "loss over the learning rate",
        "decades above 1e-7",
        "loss",
        List.of(new LinePlot.Line("loss", x, y)));
  }
}
