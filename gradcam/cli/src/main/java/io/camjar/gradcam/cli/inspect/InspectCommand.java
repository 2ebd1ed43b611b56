package io.camjar.gradcam.cli.inspect;

import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camjar inspect}: what a weights file holds. */
@Command(
    name = "inspect",
    description = "Show what a weights file holds: format, architecture, head, classes, tensors.")
public final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin HelpOption help;

  @Option(names = "--key", paramLabel = "NAME", description = ModelOptions.KEY)
  private @Nullable String key;

  @Parameters(paramLabel = "FILE", description = "A weights file of PyTorch, timm or fastai.")
  private Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--spectra",
      description =
          "Show each weight's spectral norm, stable rank and power-law exponent too: its singular"
              + " values in figures.")
  private boolean spectra;

  @Override
  public Integer call() throws IOException {
    Checkpoint checkpoint = Checkpoints.openHashing(file, key);
    Models.remark(checkpoint, spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    Inspection inspection = Inspection.of(checkpoint, spectra);
    Models.remarkNonFinite(
        checkpoint,
        inspection.tensors().stream()
            .filter(tensor -> tensor.nonFinite() > 0)
            .map(Inspection.Tensor::name)
            .toList(),
        spec.commandLine().getErr());
    if (json) {
      out.println(RecordJson.writer().writeValueAsString(inspection));
    } else {
      InspectionText.print(inspection, spectra, out);
    }
    return ExitCode.DONE;
  }
}
