package io.camjar.gradcam.image.samples;

/**
 * What became of an image's numbers where they were not 8 bits to start with; the components are
 * those of the record's JSON.
 *
 * @param type what the file holds: {@code 16-bit}, {@code signed 16-bit}, {@code floating-point}
 * @param smallest the smallest of them, after a DICOM file's rescaling
 * @param largest the largest
 * @param scale how they became 0 to 255, for people
 * @param by who said so: {@code file}, {@code option} or {@code default}
 * @param inverted whether the file calls small values white, and black and white were exchanged
 */
public record Samples(
    String type, double smallest, double largest, String scale, String by, boolean inverted) {
  /** One clause for people: what the values are and what was done to them. */
  public String describe() {
    return "%s samples from %s to %s, taken %s (%s)%s"
        .formatted(
            type,
            SampleScale.number(smallest),
            SampleScale.number(largest),
            scale,
            switch (by) {
              case "file" -> "the file says so";
              case "option" -> "as asked for";
              default -> "by default";
            },
            inverted ? ", inverted since small values are white" : "");
  }
}
