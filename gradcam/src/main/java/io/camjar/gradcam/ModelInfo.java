package io.camjar.gradcam;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.camjar.weights.provenance.Assumption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a network came from, for the record.
 *
 * @param architecture {@code resnet34}
 * @param head {@code linear}, {@code fastai1}, ...
 * @param classes how many
 * @param source the file, or what else the weights came from
 * @param sha256 of the file, in hexadecimal; null where there is no file
 * @param ignored tensors of the file that are no part of the network, by name
 * @param assumed what was assumed to find it in the file
 */
public record ModelInfo(
    String architecture,
    String head,
    int classes,
    String source,
    @Nullable String sha256,
    List<String> ignored,
    @JsonIgnore List<Assumption> assumed) {
  /** Copies the lists. */
  public ModelInfo {
    ignored = List.copyOf(ignored);
    assumed = List.copyOf(assumed);
  }

  /** The same, called something else. */
  public ModelInfo withSource(String name) {
    return new ModelInfo(architecture, head, classes, name, sha256, ignored, assumed);
  }
}
