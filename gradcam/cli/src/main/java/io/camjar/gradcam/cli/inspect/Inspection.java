package io.camjar.gradcam.cli.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.camjar.engine.model.Architecture;
import io.camjar.gradcam.Decision;
import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.ExplanationRecord.Assumed;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.StatedModel;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.flow.Spectrum;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.names.MappingRow;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.graph.OnnxArchitecture;
import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.tensor.TensorStatistics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a weights file holds, as {@code inspect --json} prints it.
 *
 * @param file its path
 * @param format the kind of file
 * @param bytes its size
 * @param sha256 of the whole file
 * @param architecture {@code resnet34}, also where {@code problem} is about its head alone; null if
 *     it is none that camjar knows
 * @param head {@code torchvision}, {@code fastai1}, ...; null if it is none that camjar runs
 * @param classes how many; null if the head is none that camjar runs
 * @param exits the classifiers of a network that has several, with the layer that each is explained
 *     at; empty where there is one
 * @param labels their names; empty if the file has none
 * @param outputs what the network's outputs mean, and who says so; null if unknown
 * @param labelsNote why labels are not used, or what is taken for them; null where nothing is
 * @param preparation how images are prepared and who says so; null if the network would not run
 * @param problem why the network would not run; null if it would
 * @param imageProblem why images cannot be prepared for the network; null if they can
 * @param notes what {@code explain} says before it starts, a sentence each
 * @param assumed what every answer depends on, as records of {@code explain} hold it
 * @param opset the version of ONNX's operators; null where the file is no ONNX model
 * @param operations how many nodes of each type an ONNX model has; null where it is none
 * @param parameters how many numbers all tensors hold
 * @param unmapped names that are no part of the network, or that it lacks
 * @param tensors all of them, in the order of the file
 */
record Inspection(
    String file,
    String format,
    long bytes,
    String sha256,
    @Nullable String architecture,
    @Nullable String head,
    @Nullable Integer classes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ExitOf> exits,
    List<String> labels,
    @Nullable Meaning outputs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String labelsNote,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String preparation,
    @Nullable String problem,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String imageProblem,
    List<String> notes,
    List<Assumed> assumed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long opset,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Integer> operations,
    long parameters,
    List<Unmapped> unmapped,
    List<Tensor> tensors) {

  /** {@code softmax}, {@code sigmoid} or {@code raw}; who decided, and why. */
  record Meaning(String meaning, String by, String reason) {}

  /**
   * An exit.
   *
   * @param output the ONNX model's output that it is; null of other files
   */
  record ExitOf(
      int exit, String layer, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String output) {}

  /** A name that leads nowhere. */
  record Unmapped(String fate, String name, String note) {}

  /** One tensor; statistics that are not finite are null, and so is a spectrum not asked for. */
  record Tensor(
      String name,
      List<Long> shape,
      String dtype,
      @Nullable Double mean,
      @Nullable Double std,
      @Nullable Double min,
      @Nullable Double max,
      long nonFinite,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Spectrum spectrum) {}

  /**
   * Inspects a file.
   *
   * @param spectra whether the weights' singular values are looked at
   */
  static Inspection of(Checkpoint checkpoint, boolean spectra) {
    Optional<StatedModel> stated =
        checkpoint.problem().isEmpty() ? Optional.of(StatedModel.of(checkpoint)) : Optional.empty();
    Optional<Readout> readout = stated.map(StatedModel::readout);
    Map<String, TensorStatistics> statistics = TensorStatistics.ofAll(checkpoint.tensors());
    return new Inspection(
        checkpoint.source(),
        checkpoint.format().title(),
        checkpoint.size(),
        checkpoint.sha256(),
        checkpoint.architecture().or(checkpoint::body).map(Architecture::name).orElse(null),
        checkpoint.architecture().isPresent() ? checkpoint.head() : null,
        checkpoint.architecture().map(Architecture::classes).orElse(null),
        checkpoint.architecture().map(Inspection::exits).orElse(List.of()),
        readout
            .map(Readout::labelsDecision)
            .filter(names -> names.by() == By.FILE)
            .map(names -> names.value().names())
            .orElse(checkpoint.classes()),
        readout.map(Inspection::meaning).orElse(null),
        readout
            .map(Readout::labelsDecision)
            .filter(names -> names.by() == By.ASSUMED && !names.reason().equals(Readout.NO_NAMES))
            .map(Decision::reason)
            .orElse(null),
        stated.map(one -> one.preset().describe()).orElse(null),
        checkpoint.problem().orElse(null),
        stated.flatMap(StatedModel::imageProblem).orElse(null),
        stated.map(Inspection::notes).orElse(List.of()),
        stated.map(StatedModel::assumed).orElseGet(checkpoint::assumptions).stream()
            .map(Assumed::of)
            .toList(),
        checkpoint.onnx().map(OnnxModel::opset).orElse(null),
        checkpoint.onnx().map(model -> model.graph().operations()).orElse(null),
        checkpoint.tensors().elements(),
        checkpoint.mapping().stream()
            .filter(row -> row.fate() != Fate.MAPPED)
            .map(Inspection::unmapped)
            .toList(),
        checkpoint.tensors().entries().stream()
            .map(tensor -> tensor(tensor, statistics.get(tensor.name()), spectra))
            .toList());
  }

  /** What {@code explain} says of the network, without what it says of the file. */
  private static List<String> notes(StatedModel model) {
    return Stream.concat(
            model.preset().origins().notFollowed().stream(),
            ReadoutOptions.remarks(model.readout()).stream())
        .toList();
  }

  private static List<ExitOf> exits(Architecture architecture) {
    List<String> outputs =
        architecture instanceof OnnxArchitecture onnx ? onnx.outputs() : List.of();
    return architecture.exits().stream()
        .map(
            exit ->
                new ExitOf(
                    exit.number(),
                    exit.layer(),
                    outputs.isEmpty() ? null : outputs.get(exit.number() - 1)))
        .toList();
  }

  private static Meaning meaning(Readout readout) {
    Decision<Outputs> outputs = readout.outputsDecision();
    return new Meaning(
        readout.meaning(),
        outputs.by().name().toLowerCase(java.util.Locale.ROOT),
        outputs.reason());
  }

  private static Unmapped unmapped(MappingRow row) {
    String name = row.source().isEmpty() ? row.target() : row.source();
    return new Unmapped(row.fate().name().toLowerCase(java.util.Locale.ROOT), name, row.note());
  }

  private static Tensor tensor(TensorEntry tensor, @Nullable TensorStatistics of, boolean spectra) {
    TensorStatistics known = of == null ? TensorStatistics.of(tensor) : of;
    return new Tensor(
        tensor.name(),
        Arrays.stream(tensor.shape()).boxed().toList(),
        tensor.dtype().torchName(),
        Finite.orNull(known.mean()),
        Finite.orNull(known.std()),
        Finite.orNull(known.min()),
        Finite.orNull(known.max()),
        known.nonFinite(),
        spectra && tensor.dtype().isFloating() && tensor.shape().length > 1
            ? Spectrum.of(tensor.toFloats(), tensor.shape()).orElse(null)
            : null);
  }
}
