package io.camjar.gradcam.doctor;

import io.camjar.gradcam.image.Preset;
import io.camjar.weights.container.preparation.PreparationStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How images are prepared as lines of Python, from {@code x}, a Pillow image, to a tensor. */
final class PythonPreparation {
  private static final String TO_TENSOR = "x = F.to_tensor(x)[None]";

  private PythonPreparation() {}

  /** The lines; empty if a step has no short equivalent. */
  static Optional<List<String>> of(Preset preset) {
    List<String> lines = new ArrayList<>();
    boolean tensor = false;
    for (PreparationStep step : preset.steps()) {
      boolean wantsTensor =
          step.kind() == PreparationStep.Kind.FASTAI1 || step.kind() == PreparationStep.Kind.SAMPLE;
      Optional<List<String>> some =
          tensor && !wantsTensor ? Optional.empty() : lines(step, wantsTensor && !tensor);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      lines.addAll(some.get());
      tensor |= wantsTensor;
    }
    boolean usable = preset.channels() == 3 || (preset.channels() == 1 && !tensor);
    if (!usable) {
      return Optional.empty();
    }
    if (!tensor) {
      if (preset.channels() == 1) {
        lines.add("x = x.convert(\"L\")");
      }
      lines.add(TO_TENSOR);
    }
    if (preset.blueFirst()) {
      lines.add("x = x[:, [2, 1, 0]]");
    }
    lines.add(
        "x = F.normalize(x, %s, %s)"
            .formatted(Arrays.toString(preset.mean()), Arrays.toString(preset.std())));
    return Optional.of(lines);
  }

  private static Optional<List<String>> lines(PreparationStep step, boolean toTensor) {
    List<Integer> n = step.numbers();
    String filter = step.words().isEmpty() ? "" : step.words().get(0).toUpperCase(Locale.ROOT);
    return switch (step.kind()) {
      case RESIZE -> one("x = x.resize((%d, %d), Image.%s)".formatted(n.get(1), n.get(0), filter));
      case RESIZE_SHORT ->
          one("x = F.resize(x, %d, F.InterpolationMode.%s)".formatted(n.get(0), filter));
      case CENTER_CROP -> n.size() == 2 && step.words().size() == 1 ? crop(step) : Optional.empty();
      case CROP_TO -> cropTo(n.get(0), n.get(1), filter);
      case PAD_TO -> padTo(n.get(0), n.get(1), filter, step.words().get(1));
      case FASTAI1 -> fastai1(n.get(0), n.get(1), step.words().get(0), toTensor);
      case SAMPLE -> sample(n.get(0), n.get(1), step.words().contains("corners"), toTensor);
      case GRAY -> one("x = x.convert(\"L\").convert(\"RGB\")");
      default -> Optional.empty();
    };
  }

  private static Optional<List<String>> cropTo(int height, int width, String filter) {
    return Optional.of(
        List.of(
            "s = min(x.width / %d, x.height / %d)".formatted(width, height),
            "w, h = int(s * %d), int(s * %d)".formatted(width, height),
            "l, t = int(0.5 * (x.width - w)), int(0.5 * (x.height - h))",
            "x = x.crop((l, t, l + w, t + h)).resize((%d, %d), Image.%s)"
                .formatted(width, height, filter)));
  }

  private static Optional<List<String>> padTo(
      int height, int width, String filter, String padding) {
    return Optional.of(
        List.of(
            "s = max(x.width / %d, x.height / %d)".formatted(width, height),
            "w, h = int(s * %d), int(s * %d)".formatted(width, height),
            "l, t = max(int(0.5 * (w - x.width)), 0), max(int(0.5 * (h - x.height)), 0)",
            "x = F.pad(x, [l, t, max(w - x.width - l, 0), max(h - x.height - t, 0)],"
                + " padding_mode=\"%s\")".formatted(padding),
            "x = x.resize((%d, %d), Image.%s)".formatted(width, height, filter)));
  }

  private static Optional<List<String>> crop(PreparationStep step) {
    int height = step.numbers().get(0);
    int width = step.numbers().get(1);
    if (step.words().get(0).equals("even")) {
      return one("x = F.center_crop(x, [%d, %d])".formatted(height, width));
    }
    return Optional.of(
        List.of(
            "l, t = (x.width - %d) // 2, (x.height - %d) // 2".formatted(width, height),
            "x = x.crop((l, t, l + %d, t + %d))".formatted(width, height)));
  }

  /**
   * fastai 1.0.61's {@code apply_tfms}: {@code grid_sample} with corners aligned is a bilinear
   * interpolation.
   */
  private static Optional<List<String>> fastai1(
      int height, int width, String method, boolean toTensor) {
    List<String> lines = new ArrayList<>();
    if (toTensor) {
      lines.add(TO_TENSOR);
    }
    if (method.equals("squish")) {
      lines.add("h, w, h2, w2 = *x.shape[2:], %d, %d".formatted(height, width));
    } else if (method.equals("crop")) {
      lines.add(
          "h, w = x.shape[2:]; r = min(h / %d, w / %d); h2, w2 = round(h / r), round(w / r)"
              .formatted(height, width));
    } else {
      return Optional.empty();
    }
    lines.add("s = min(h / h2, w / w2) / 2");
    lines.add(
        "x = nn.functional.interpolate(x, scale_factor=1 / s, mode=\"area\","
            + " recompute_scale_factor=True) if s > 1 else x");
    lines.add("x = nn.functional.interpolate(x, (h2, w2), mode=\"bilinear\", align_corners=True)");
    if (method.equals("crop")) {
      lines.add("t, l = (h2 - %d + 1) // 2, (w2 - %d + 1) // 2".formatted(height, width));
      lines.add("x = x[..., t:t + %d, l:l + %d]".formatted(height, width));
    }
    return Optional.of(lines);
  }

  /** fastai 2's transforms of batches that resize. */
  private static Optional<List<String>> sample(
      int height, int width, boolean corners, boolean toTensor) {
    List<String> lines = new ArrayList<>();
    if (toTensor) {
      lines.add(TO_TENSOR);
    }
    String align = corners ? "True" : "False";
    // Without aligned corners the grid zooms a little, and fastai compares with that.
    double zoom = corners ? 1 : 1 / (1 - 1.0 / Math.max(height, width));
    lines.add("s = min(x.shape[2] / %d, x.shape[3] / %d) / 2".formatted(height, width));
    lines.add(
        "x = nn.functional.interpolate(x, scale_factor=1 / s, mode=\"area\","
            + " recompute_scale_factor=True) if s > %s else x".formatted(corners ? "1" : zoom));
    lines.add(
        "g = nn.functional.affine_grid(torch.eye(3)[None, :2], (1, 3, %d, %d), align_corners=%s)"
            .formatted(height, width, align));
    lines.add(
        "x = nn.functional.grid_sample(x, g, padding_mode=\"reflection\", align_corners=%s)"
            .formatted(align));
    return Optional.of(lines);
  }

  private static Optional<List<String>> one(String line) {
    return Optional.of(List.of(line));
  }
}
