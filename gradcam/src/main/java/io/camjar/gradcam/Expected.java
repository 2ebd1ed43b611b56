package io.camjar.gradcam;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.camjar.gradcam.math.Finite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The class that somebody expected, and what the network thinks of it.
 *
 * @param rank its place among all classes by score, 1 for the predicted one
 * @param right whether it is the predicted one
 */
public record Expected(
    int index,
    @Nullable String label,
    @Nullable Float logit,
    @Nullable Double probability,
    int rank,
    boolean right) {
  /** An expected class among all predictions, the largest score first. */
  static Expected of(ClassLabel expected, List<Prediction> ranked) {
    int rank = 0;
    while (ranked.get(rank).target().index() != expected.index()) {
      rank++;
    }
    Prediction found = ranked.get(rank);
    float logit = found.logit();
    double probability = found.probability();
    return new Expected(
        expected.index(),
        expected.label(),
        Finite.orNull(logit),
        Finite.orNull(probability),
        rank + 1,
        rank == 0);
  }

  /** The class. */
  @JsonIgnore
  public ClassLabel target() {
    return new ClassLabel(index, label);
  }
}
