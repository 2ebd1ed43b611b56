package io.camjar.gradcam.cli.inspect;

import io.camjar.gradcam.cli.inspect.Inspection.ExitOf;
import io.camjar.gradcam.cli.inspect.Inspection.Tensor;
import io.camjar.gradcam.cli.inspect.Inspection.Unmapped;
import io.camjar.gradcam.cli.output.AssumedTable;
import io.camjar.gradcam.cli.output.TextTable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An {@link Inspection} for readers. */
final class InspectionText {
  private static final int MOST_NAMES = 3;
  private static final String UNKNOWN = "not recognised";

  private InspectionText() {}

  static void print(Inspection inspection, boolean spectra, PrintWriter out) {
    line(out, "file", inspection.file());
    line(out, "format", inspection.format());
    line(out, "size", "%,d bytes".formatted(inspection.bytes()));
    line(out, "sha256", inspection.sha256());
    if (inspection.operations() != null) {
      line(out, "opset", String.valueOf(inspection.opset()));
      line(out, "operations", operations(inspection.operations()));
    }
    line(out, "architecture", orUnknown(inspection.architecture()));
    // A body whose head is refused: the problem says why.
    String none = inspection.architecture() == null ? UNKNOWN : "refused";
    line(out, "head", inspection.head() == null ? none : inspection.head());
    line(out, "classes", inspection.classes() == null ? none : inspection.classes().toString());
    if (!inspection.exits().isEmpty()) {
      line(out, "exits", exits(inspection.exits()));
    }
    if (!inspection.labels().isEmpty()) {
      line(out, "labels", String.join(", ", inspection.labels()));
    }
    if (inspection.outputs() != null) {
      line(
          out,
          "outputs",
          inspection.outputs().meaning() + " (" + inspection.outputs().reason() + ")");
    }
    line(
        out,
        "tensors",
        "%,d with %,d numbers".formatted(inspection.tensors().size(), inspection.parameters()));
    if (inspection.preparation() != null) {
      line(out, "images", inspection.preparation().replaceFirst("^images are ", ""));
    }
    inspection.notes().forEach(note -> line(out, "note", note));
    if (inspection.imageProblem() != null) {
      line(out, "images", "refused: " + inspection.imageProblem());
    }
    if (inspection.problem() != null) {
      line(out, "problem", inspection.problem());
    }
    unmapped(inspection.unmapped(), out);
    out.println();
    if (!inspection.assumed().isEmpty()) {
      AssumedTable.print(inspection.assumed(), out);
      out.println();
    }
    TextTable table = new TextTable("tensor", "shape", "dtype", ">mean", ">std", ">min", ">max");
    inspection.tensors().forEach(tensor -> table.row(row(tensor)));
    table.print(out);
    if (spectra) {
      out.println();
      spectra(inspection.tensors(), out);
    }
  }

  private static void spectra(List<Tensor> tensors, PrintWriter out) {
    TextTable table = new TextTable("weight", ">spectral norm", ">stable rank", ">power law");
    for (Tensor tensor : tensors) {
      if (tensor.spectrum() != null) {
        Double exponent = tensor.spectrum().powerLaw();
        table.row(
            List.of(
                tensor.name(),
                number(tensor.spectrum().spectralNorm()),
                number(tensor.spectrum().stableRank()),
                exponent == null ? "-" : number(exponent)));
      }
    }
    table.print(out);
  }

  /** Names of one fate for one reason share a line. */
  private static void unmapped(List<Unmapped> names, PrintWriter out) {
    Map<List<String>, List<Unmapped>> groups =
        names.stream()
            .collect(
                Collectors.groupingBy(
                    name -> List.of(name.fate(), name.note()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    groups.forEach(
        (why, group) -> {
          String shown =
              group.stream()
                  .limit(MOST_NAMES)
                  .map(Unmapped::name)
                  .collect(Collectors.joining(", "));
          int more = group.size() - MOST_NAMES;
          String rest = more > 0 ? " and %d more".formatted(more) : "";
          String note = why.get(1).isEmpty() ? "" : " (" + why.get(1) + ")";
          line(out, why.get(0), shown + rest + note);
        });
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-13s %s%n", name, value);
  }

  /** How many, where each is explained, and which outputs of a model they are. */
  private static String exits(List<ExitOf> exits) {
    String layers = exits.stream().map(ExitOf::layer).collect(Collectors.joining(", "));
    String outputs =
        exits.stream()
            .map(ExitOf::output)
            .filter(Objects::nonNull)
            .collect(Collectors.joining(", "));
    return exits.size()
        + ", at "
        + layers
        + (outputs.isEmpty() ? "" : " (the outputs " + outputs + ")");
  }

  private static String operations(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getKey() + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String orUnknown(@Nullable Object value) {
    return value == null ? UNKNOWN : value.toString();
  }

  private static List<String> row(Tensor tensor) {
    return List.of(
        tensor.name(),
        tensor.shape().isEmpty()
            ? "scalar"
            : tensor.shape().stream().map(Object::toString).collect(Collectors.joining("x")),
        tensor.dtype(),
        number(tensor.mean()),
        number(tensor.std()),
        number(tensor.min()),
        number(tensor.max()));
  }

  private static String number(@Nullable Double value) {
    return value == null ? "not finite" : String.format(Locale.ROOT, "%.5g", value);
  }
}
