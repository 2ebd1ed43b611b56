package io.camjar.gradcam.results;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.image.ImagePoint;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.util.List;

/** Results to try things with. */
final class Results {
  private Results() {}

  static ImageResult of(String image, String label) {
    ClassLabel target = new ClassLabel(1, label);
    return new ImageResult(
        image,
        "dog",
        new Predicted(1, label, 0.75),
        0.5,
        new ClassLabel(0, null),
        1.25,
        false,
        List.of(
            new ImageResult.Map(
                null, null, "layer3", target, "ok", new ImagePoint(12.5, 8.25), List.of("a.png")),
            new ImageResult.Map(
                null, null, "layer4", target, "no-positive-evidence", null, List.of())),
        List.of("a.png", "dog.json"),
        12.5,
        null);
  }

  static ImageResult failed(String image, String error) {
    return ImageResult.failed(image, "bad", null, 3.5, error);
  }
}
