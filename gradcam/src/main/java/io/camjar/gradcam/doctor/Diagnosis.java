package io.camjar.gradcam.doctor;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.ExplanationRecord.Assumed;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
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
 * @param note why there is no such code, or what has to be done first
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
    List<Finding> findings,
    List<String> python,
    String note) {

  /**
   * Looks at a file, and with an image at what the network makes of it.
   *
   * @param image null for none
   * @param name what the Python code reads the image from
   * @throws io.camjar.engine.CamjarException if the network runs out of what it needs
   */
  public static Diagnosis of(Checkpoint checkpoint, @Nullable RgbImage image, String name) {
    if (checkpoint.problem().isPresent()) {
      return new Diagnosis(
          checkpoint.source(),
          checkpoint.format().title(),
          checkpoint.size(),
          checkpoint.sha256(),
          checkpoint.architecture().map(spec -> spec.name()).orElse(null),
          checkpoint.architecture().isPresent() ? checkpoint.head() : null,
          checkpoint.architecture().map(spec -> spec.classes()).orElse(null),
          checkpoint.problem().get(),
          checkpoint.assumptions().stream().map(Assumed::of).toList(),
          checkpoint.ignored(),
          List.of(),
          List.of(),
          "the network does not run");
    }
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint);
      Preset preset = explainer.preset();
      Readout readout = explainer.readout();
      PythonSnippet python = PythonSnippet.of(checkpoint, preset, name);
      return new Diagnosis(
          checkpoint.source(),
          checkpoint.format().title(),
          checkpoint.size(),
          checkpoint.sha256(),
          checkpoint.spec().name(),
          checkpoint.head(),
          checkpoint.spec().classes(),
          null,
          explainer.assumed().stream().map(Assumed::of).toList(),
          checkpoint.ignored(),
          new Mistakes(checkpoint, network, preset, readout).test(image),
          python.lines(),
          python.note());
    }
  }
}
