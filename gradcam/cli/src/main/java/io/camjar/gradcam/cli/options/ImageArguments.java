package io.camjar.gradcam.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The images that {@code explain} is given, and what it does when there are many. */
public final class ImageArguments {
  private static final int MOST_ON_A_SHEET = 400;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      paramLabel = "IMAGE",
      description = {
        "JPEG, PNG, GIF, BMP, TIFF, WebP or DICOM files; folders, with all images below them;"
            + " patterns such as 'photos/**/*.jpg', quoted."
      })
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--summary",
      negatable = true,
      description =
          "Write results.csv and results.json, a row an image (default: if there are several"
              + " images).")
  private @Nullable Boolean summary;

  @Option(
      names = "--resume",
      description =
          "Leave out images whose results in --out are complete and were made with the same"
              + " options.")
  private boolean resume;

  @Option(
      names = "--overwrite",
      description =
          "Replace results in --out that are of another image, method, preparation or weights.")
  private boolean overwrite;

  @Option(
      names = "--top-losses",
      paramLabel = "N",
      defaultValue = "9",
      description =
          "Show the N worst images on a sheet: top-losses.png, or least-confident.png where the"
              + " folders do not say what images show; 0 for none (default: ${DEFAULT-VALUE}).")
  private int topLosses;

  /** Refuses what makes no sense. */
  public void check() {
    Arguments.require(
        spec,
        topLosses >= 0 && topLosses <= MOST_ON_A_SHEET,
        "--top-losses is %d, but must lie in 0 to %d".formatted(topLosses, MOST_ON_A_SHEET));
    Arguments.require(
        spec,
        !resume || summary == null || summary,
        "--resume goes by what the summary keeps; leave --no-summary out");
    for (String word : words) {
      Arguments.require(spec, !word.isBlank(), "the name of an image is empty");
    }
  }

  /** What was named: files, folders, patterns. */
  public List<String> words() {
    return words;
  }

  /** Whether results that are there are kept. */
  public boolean resume() {
    return resume;
  }

  /** Whether results of other runs are replaced. */
  public boolean overwrite() {
    return overwrite;
  }

  /** How many images the sheet of the worst shows. */
  public int topLosses() {
    return topLosses;
  }

  /** Whether a summary is to be written of so many images. */
  public boolean summary(int pictures) {
    return summary == null ? resume || pictures > 1 : summary;
  }
}
