package io.camjar.gradcam.cli.doctor;

import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.output.AssumedTable;
import io.camjar.gradcam.cli.output.Json;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.doctor.Diagnosis;
import io.camjar.gradcam.doctor.Finding;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
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
import picocli.CommandLine.Spec;

/** {@code camjar doctor}: what a file is, what is assumed of it, what may be wrong with it. */
@Command(
    name = "doctor",
    description = {
      "Say what a weights file is, what is assumed of it and why, and test common mistakes.",
      "Prints PyTorch code that gives the same numbers, where it is short."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin HelpOption help;

  @Parameters(index = "0", paramLabel = "FILE", description = "A weights file.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "An image of the kind it was trained on: more can be tested with one.")
  private @Nullable Path image;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Checkpoint checkpoint = Checkpoints.open(file);
    RgbImage picture = image == null ? null : Images.read(image);
    String name = image == null ? "image.jpg" : image.toString();
    Diagnosis diagnosis = Diagnosis.of(checkpoint, picture, name);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.writer().writeValueAsString(diagnosis));
    } else {
      print(diagnosis, out);
    }
    return ExitCode.DONE;
  }

  private static void print(Diagnosis diagnosis, PrintWriter out) {
    out.printf("%s: %s, %,d bytes%n", diagnosis.file(), diagnosis.format(), diagnosis.bytes());
    out.printf("sha256 %s%n", diagnosis.sha256());
    if (diagnosis.architecture() != null) {
      out.printf(
          "%s, %s head, %d classes%n",
          diagnosis.architecture(), diagnosis.head(), diagnosis.classes());
    }
    if (diagnosis.problem() != null) {
      out.println("problem: " + diagnosis.problem());
    }
    out.println();
    AssumedTable.print(diagnosis.assumed(), out);
    if (!diagnosis.findings().isEmpty()) {
      out.println();
      TextTable findings = new TextTable("mistake", "verdict", "measured");
      for (Finding one : diagnosis.findings()) {
        findings.row(List.of(one.mistake(), one.verdict(), one.measured()));
      }
      findings.print(out);
    }
    out.println();
    if (!diagnosis.note().isEmpty()) {
      out.println("# " + diagnosis.note());
    }
    diagnosis.python().forEach(out::println);
  }
}
