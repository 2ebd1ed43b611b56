package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.image.samples.SampleRange;
import io.camjar.gradcam.image.samples.SampleScale;
import io.camjar.gradcam.image.samples.SampleWindow;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What image files leave open: which way is up, which page, which numbers are black and white. */
public final class ImageOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--orient",
      paramLabel = "exif|none",
      defaultValue = "exif",
      description =
          "Turn images upright as EXIF or XMP say, or leave them as stored, which the loaders of"
              + " torchvision, timm and fastai do; TIFF images are always turned, as by Pillow"
              + " (default: ${DEFAULT-VALUE}).")
  private String orient;

  @Option(
      names = "--page",
      paramLabel = "N",
      defaultValue = "1",
      description = "Page of TIFF files or frame of DICOM files (default: ${DEFAULT-VALUE}).")
  private int page;

  @Option(
      names = "--range",
      paramLabel = "LOW,HIGH",
      description =
          "Which samples are black and white where they are wider than 8 bits, signed or"
              + " floating-point.")
  private @Nullable String range;

  @Option(
      names = "--window",
      paramLabel = "CENTER,WIDTH",
      description = "The same as a DICOM window, in place of the file's own.")
  private @Nullable String window;

  /** Refuses what makes no sense. */
  public void check() {
    options();
  }

  /**
   * What they mean.
   *
   * @throws ParameterException if one of them makes no sense
   */
  public ReadOptions options() {
    String way = orient.toLowerCase(Locale.ROOT);
    require(
        way.equals("exif") || way.equals("none"),
        "--orient is '%s', but must be exif or none".formatted(orient));
    require(page >= 1, "--page is %d, but pages count from 1".formatted(page));
    require(
        range == null || window == null,
        "--range and --window say the same in two ways; give one of them");
    SampleScale scale =
        range != null
            ? parse("--range", range, SampleRange::parse)
            : window != null ? parse("--window", window, SampleWindow::parse) : null;
    return ReadOptions.STANDARD.withOrient(way.equals("exif")).withPage(page).withScale(scale);
  }

  private <T> T parse(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is '%s', but needs two numbers such as 40,400: %s"
              .formatted(option, text, e.getMessage()),
          e);
    }
  }

  private void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
