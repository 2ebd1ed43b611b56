package io.camjar.gradcam.doctor;

import io.camjar.gradcam.image.Preset;
import io.camjar.weights.container.preparation.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How images are prepared as lines of Python, from {@code x}, a Pillow image, to a tensor. */
final class PythonPreparation {
  private PythonPreparation() {}

  /** The lines; empty if a step has no short equivalent. */
  static Optional<List<String>> of(Preset preset) {
    List<String> lines = new ArrayList<>();
    boolean tensor = false;
    for (Step step : preset.steps()) {
      Optional<List<String>> some = tensor ? Optional.empty() : lines(step);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      lines.addAll(some.get());
      tensor = step.kind() == Step.Kind.FASTAI1;
    }
    if (!tensor) {
      if (preset.channels() == 1) {
        lines.add("x = x.convert(\"L\")");
      }
      lines.add("x = F.to_tensor(x)[None]");
    } else if (preset.channels() == 1) {
      return Optional.empty();
    }
    if (preset.blueFirst()) {
      lines.add("x = x[:, [2, 1, 0]]");
    }
    lines.add(
        "x = F.normalize(x, %s, %s)"
            .formatted(Arrays.toString(preset.mean()), Arrays.toString(preset.std())));
    return Optional.of(lines);
  }

  private static Optional<List<String>> lines(Step step) {
    List<Integer> n = step.numbers();
    String filter = step.words().isEmpty() ? "" : step.words().get(0).toUpperCase(Locale.ROOT);
    return switch (step.kind()) {
      case RESIZE -> one("x = x.resize((%d, %d), Image.%s)".formatted(n.get(1), n.get(0), filter));
      case RESIZE_SHORT ->
          one("x = F.resize(x, %d, F.InterpolationMode.%s)".formatted(n.get(0), filter));
      case CENTER_CROP -> n.size() == 2 && step.words().size() == 1 ? crop(step) : Optional.empty();
      case CROP_TO ->
          Optional.of(
              List.of(
                  "s = min(x.width / %1$d, x.height / %2$d)".formatted(n.get(1), n.get(0)),
                  "w, h = int(s * %1$d), int(s * %2$d)".formatted(n.get(1), n.get(0)),
                  "l, t = int(0.5 * (x.width - w)), int(0.5 * (x.height - h))",
                  "x = x.crop((l, t, l + w, t + h)).resize((%d, %d), Image.%s)"
                      .formatted(n.get(1), n.get(0), filter)));
      case FASTAI1 ->
          step.words().get(0).equals("crop") ? fastai1(n.get(0), n.get(1)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<List<String>> crop(Step step) {
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

  /** fastai 1.0.61: {@code grid_sample} with corners aligned is a bilinear interpolation. */
  private static Optional<List<String>> fastai1(int height, int width) {
    return Optional.of(
        List.of(
            "x = F.to_tensor(x)[None]",
            "h, w = x.shape[2:]; r = min(h / %d, w / %d); h2, w2 = round(h / r), round(w / r)"
                .formatted(height, width),
            "s = min(h / h2, w / w2) / 2",
            "x = nn.functional.interpolate(x, scale_factor=1 / s, mode=\"area\") if s > 1 else x",
            "x = nn.functional.interpolate(x, (h2, w2), mode=\"bilinear\", align_corners=True)",
            "t, l = (h2 - %d + 1) // 2, (w2 - %d + 1) // 2".formatted(height, width),
            "x = x[..., t:t + %d, l:l + %d]".formatted(height, width)));
  }

  private static Optional<List<String>> one(String line) {
    return Optional.of(List.of(line));
  }
}
