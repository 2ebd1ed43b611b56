package io.camjar.gradcam.cli.doctor;

import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ImageOptions;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.output.AssumedTable;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.doctor.Diagnosis;
import io.camjar.gradcam.doctor.Examination;
import io.camjar.gradcam.doctor.Examination.GivenNames;
import io.camjar.gradcam.doctor.MistakeCheck;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.labels.ClassNames;
import io.camjar.weights.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Mixin private ModelOptions options;
  @Mixin private ImageOptions reading;
  @Mixin private ReadoutOptions readout;

  @Parameters(
      index = "0..1",
      arity = "0..1",
      paramLabel = "FILE [IMAGE]",
      hideParamSyntax = true,
      description = {
        "A weights file (default: the one of --weights, else the built-in model), and an image of"
            + " the kind it was trained on: more can be tested with one."
      })
  private List<Path> files = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    checkUsage();
    Path file = options.isBuiltin() && !files.isEmpty() ? files.get(0) : null;
    Path image = files.size() == (file == null ? 1 : 2) ? files.get(files.size() - 1) : null;
    Checkpoint checkpoint = options.open(file);
    Models.remark(checkpoint, spec.commandLine().getErr());
    Diagnosis diagnosis = Diagnosis.of(checkpoint, examination(image));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(RecordJson.writer().writeValueAsString(diagnosis));
    } else {
      print(diagnosis, out);
    }
    return ExitCode.DONE;
  }

  private void checkUsage() {
    Arguments.require(
        spec,
        options.isBuiltin() || files.size() < 2,
        "--weights names the file, so there is one argument, the image; leave one of the two files"
            + " out");
    options.checkUsage(!options.isBuiltin() || !files.isEmpty());
    reading.check();
    readout.check();
  }

  private Examination examination(@Nullable Path image) {
    Optional<ClassNames> names = readout.names();
    return new Examination(
        explainer -> readout.applyFitting(options.prepared(explainer), names),
        names.map(known -> new GivenNames("--labels", known.names().size())).orElse(null),
        image == null ? null : Images.read(image, reading.options()),
        image == null ? "image.jpg" : image.toString());
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
      for (MistakeCheck one : diagnosis.findings()) {
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
