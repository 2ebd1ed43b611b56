package io.camjar.gradcam.doctor;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.ExplanationRecord.Assumed;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.decode.Decoding;
import io.camjar.weights.Checkpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file of weights is, what is assumed of it, what may be wrong with it, and PyTorch code
 * that gives the same numbers; the names of the components are those of {@code doctor --json}.
 *
 * @param file its path
 * @param format the kind of file
 * @param bytes its size
 * @param sha256 of the whole file
 * @param architecture {@code resnet34}; null if it is none that camjar knows
 * @param head {@code torchvision}, {@code fastai1}, ...; null if unknown
 * @param classes outputs of the network; null if unknown
 * @param problem why the network does not run; null if it does
 * @param assumed what answers depend on and could have been otherwise, with who said so
 * @param ignored tensors that are no part of the network
 * @param findings the common mistakes, tested; empty if the network does not run
 * @param python PyTorch code that gives the same numbers; empty if there is none
 * @param note why there is no such code, or what has to be done first; empty if nothing
 */
public record Diagnosis(
    String file,
    String format,
    long bytes,
    String sha256,
    @Nullable String architecture,
    @Nullable String head,
    @Nullable Integer classes,
    @Nullable String problem,
    List<Assumed> assumed,
    List<String> ignored,
    List<MistakeCheck> findings,
    List<String> python,
    String note) {

  /**
   * Looks at a file, and with an image at what the network makes of it.
   *
   * @throws CamjarException if the network runs out of what it needs, or what was asked for does
   *     not fit it
   */
  public static Diagnosis of(Checkpoint checkpoint, Examination examination) {
    if (checkpoint.problem().isPresent()) {
      return of(
          checkpoint,
          checkpoint.assumptions().stream().map(Assumed::of).toList(),
          List.of(),
          new PythonSnippet(List.of(), "the network does not run"));
    }
    try (Network network = checkpoint.network()) {
      Explainer explainer = examination.asked().apply(Explainer.of(network, checkpoint));
      List<MistakeCheck> findings =
          new Mistakes(checkpoint, network, explainer.preset(), explainer.readout(), examination)
              .test();
      return of(
          checkpoint,
          explainer.assumed().stream().map(Assumed::of).toList(),
          findings,
          python(checkpoint, explainer, examination));
    }
  }

  private static Diagnosis of(
      Checkpoint checkpoint,
      List<Assumed> assumed,
      List<MistakeCheck> findings,
      PythonSnippet python) {
    @Nullable Architecture architecture = checkpoint.architecture().orElse(null);
    return new Diagnosis(
        checkpoint.source(),
        checkpoint.format().title(),
        checkpoint.size(),
        checkpoint.sha256(),
        architecture == null ? null : architecture.name(),
        architecture == null ? null : checkpoint.head(),
        architecture == null ? null : architecture.classes(),
        checkpoint.problem().orElse(null),
        assumed,
        checkpoint.ignored(),
        findings,
        python.lines(),
        python.note());
  }

  private static PythonSnippet python(
      Checkpoint checkpoint, Explainer explainer, Examination examination) {
    DecodedImage image = examination.image();
    boolean upright =
        image == null || image.decoding().orientation() == 1 || image.decoding().turned();
    try {
      explainer.preset().check();
    } catch (CamjarException e) {
      return new PythonSnippet(List.of(), "images cannot be prepared: " + e.getMessage());
    }
    PythonSnippet python =
        PythonSnippet.of(checkpoint, explainer.preset(), examination.imageName(), upright);
    String other = image == null ? "" : readOtherwise(image.decoding());
    if (python.lines().isEmpty() || other.isEmpty()) {
      return python;
    }
    return new PythonSnippet(
        python.lines(), python.note().isEmpty() ? other : python.note() + "; " + other);
  }

  /** What Pillow does not do with an image as camjar did. */
  private static String readOtherwise(Decoding decoding) {
    String remedy = "; save the image as a PNG of 8 bits first";
    if (decoding.format().equals("DICOM")) {
      return "Pillow does not open DICOM files" + remedy;
    }
    if (decoding.samples() != null) {
      return "Pillow takes %s samples to 8 bits otherwise".formatted(decoding.samples().type())
          + remedy;
    }
    return decoding.page() > 1 ? "Pillow opens the first page" + remedy : "";
  }
}
