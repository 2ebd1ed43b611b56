package io.camjar.gradcam.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A run in figures.
 *
 * @param pictures that were tried
 * @param failed of these could not be explained
 * @param labelled of those explained show a class that is known
 * @param right of those labelled were recognised
 */
public record Totals(int pictures, int failed, int labelled, int right) {
  /** Nothing yet. */
  public static final Totals NONE = new Totals(0, 0, 0, 0);

  /** With one image more. */
  public Totals plus(ImageResult result) {
    Boolean hit = result.right();
    return new Totals(
        pictures + 1,
        failed + (result.error() == null ? 0 : 1),
        labelled + (hit == null ? 0 : 1),
        right + (hit != null && hit ? 1 : 0));
  }

  /** The share of those labelled that were recognised, 0 to 1; null if there are none. */
  @JsonProperty
  public @Nullable Double accuracy() {
    return labelled == 0 ? null : (double) right / labelled;
  }
}
