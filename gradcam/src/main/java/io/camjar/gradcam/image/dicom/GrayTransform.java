package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.samples.Extent;
import io.camjar.gradcam.image.samples.SampleRange;
import io.camjar.gradcam.image.samples.SampleScale;
import io.camjar.gradcam.image.samples.SampleWindow;
import io.camjar.gradcam.image.samples.SampleWindow.Function;
import io.camjar.gradcam.image.samples.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way of gray values (PS3.3, C.11): stored value; rescaled by slope and intercept or a table;
 * then a window, a table, or what a caller asks for; inverted if small values are white.
 */
final class GrayTransform {
  private final PixelModule module;

  /** Where to look, the nearest first: the frame's own settings, those of all frames, the file. */
  private final List<DicomDataset> settings;

  private final @Nullable LookupTable rescaling;
  private final double slope;
  private final double intercept;

  GrayTransform(DicomDataset data, PixelModule module, int frame) throws IOException {
    this.module = module;
    this.settings = settings(data, frame);
    this.rescaling = table(Tag.MODALITY_LUT, module.signed());
    this.slope = decimal(Tag.RESCALE_SLOPE, 1);
    this.intercept = decimal(Tag.RESCALE_INTERCEPT, 0);
    if (!Double.isFinite(slope) || !Double.isFinite(intercept) || slope == 0) {
      throw new IOException("it rescales by %s and %s".formatted(slope, intercept));
    }
  }

  private static List<DicomDataset> settings(DicomDataset data, int frame) {
    List<DicomDataset> found = new ArrayList<>();
    List<DicomDataset> groups = new ArrayList<>();
    List<DicomDataset> perFrame = data.items(Tag.PER_FRAME_GROUPS);
    if (frame < perFrame.size()) {
      groups.add(perFrame.get(frame));
    }
    groups.addAll(data.items(Tag.SHARED_GROUPS));
    for (DicomDataset group : groups) {
      found.addAll(group.items(Tag.PIXEL_VALUE_TRANSFORMATION));
      found.addAll(group.items(Tag.FRAME_VOI_LUT));
    }
    found.add(data);
    return found;
  }

  /** A gray image, and what was done. */
  @SuppressWarnings("ArrayRecordComponent") // Handed on; never compared.
  record Gray(byte[] levels, Samples samples, @Nullable String note) {}

  /**
   * Levels 0 to 255.
   *
   * @param raw stored numbers, one a pixel
   * @param asked what takes the place of the file's window; null for none
   */
  Gray apply(int[] raw, @Nullable SampleScale asked) throws IOException {
    Extent extent = new Extent();
    for (int number : raw) {
      if (!isPadding(module.value(number))) {
        extent.add(rescaled(module.value(number)));
      }
    }
    Chosen chosen = choose(extent, asked);
    boolean inverted = module.photometric().equals("MONOCHROME1");
    byte[] levels = new byte[raw.length];
    for (int i = 0; i < raw.length; i++) {
      int level = chosen.level(rescaled(module.value(raw[i])));
      levels[i] = (byte) (inverted ? 255 - level : level);
    }
    Samples samples =
        new Samples(
            module.type(),
            extent.smallest(),
            extent.largest(),
            chosen.words(),
            chosen.by(),
            inverted);
    return new Gray(levels, samples, chosen.note());
  }

  private double rescaled(double stored) {
    return rescaling == null ? stored * slope + intercept : rescaling.at(stored);
  }

  /** What fills the image around what was recorded. */
  private boolean isPadding(double stored) {
    DicomDataset data = settings.get(settings.size() - 1);
    if (!data.has(Tag.PADDING)) {
      return false;
    }
    double one =
        module.value(data.number(Tag.PADDING, 0) << (module.highBit() + 1 - module.bitsStored()));
    double other = one;
    if (data.has(Tag.PADDING_LIMIT)) {
      other =
          module.value(
              data.number(Tag.PADDING_LIMIT, 0) << (module.highBit() + 1 - module.bitsStored()));
    }
    return stored >= Math.min(one, other) && stored <= Math.max(one, other);
  }

  /** One way to levels: a scale or a table. */
  private record Chosen(
      @Nullable SampleScale scale,
      @Nullable LookupTable table,
      String words,
      String by,
      @Nullable String note) {
    static Chosen of(SampleScale scale, String by) {
      return new Chosen(scale, null, scale.describe(), by, null);
    }

    int level(double value) {
      return table != null ? table.levelAt(value) : scale != null ? scale.level(value) : 0;
    }
  }

  private Chosen choose(Extent extent, @Nullable SampleScale asked) throws IOException {
    if (asked != null) {
      return Chosen.of(asked, "option");
    }
    SampleWindow window = window();
    if (window != null) {
      return Chosen.of(window, "file");
    }
    LookupTable table = table(Tag.VOI_LUT, extent.smallest() < 0);
    if (table != null) {
      return new Chosen(null, table, "through the file's VOI LUT", "file", null);
    }
    boolean plain = rescaling == null && slope == 1 && intercept == 0;
    if (plain && !module.signed() && module.bitsStored() <= 8) {
      return Chosen.of(new SampleRange(0, (1 << module.bitsStored()) - 1), "default");
    }
    double low = extent.smallest();
    double high = extent.largest() > low ? extent.largest() : low + 1;
    SampleRange range = new SampleRange(low, high);
    return new Chosen(
        range,
        null,
        range.describe(),
        "default",
        "has no window, so its smallest value %s is black and its largest %s white; --window C,W chooses others"
            .formatted(SampleScale.number(low), SampleScale.number(high)));
  }

  /** The first of the windows that the file offers. */
  private @Nullable SampleWindow window() throws IOException {
    for (DicomDataset place : settings) {
      Double center = place.decimal(Tag.WINDOW_CENTER);
      Double width = place.decimal(Tag.WINDOW_WIDTH);
      if (center != null && width != null) {
        try {
          return new SampleWindow(center, width, function(place.text(Tag.WINDOW_FUNCTION)));
        } catch (IllegalArgumentException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    }
    return null;
  }

  private static Function function(String name) throws IOException {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "", "LINEAR" -> Function.LINEAR;
      case "LINEAR_EXACT" -> Function.LINEAR_EXACT;
      case "SIGMOID" -> Function.SIGMOID;
      default -> throw new IOException("its window has an unknown function");
    };
  }

  private @Nullable LookupTable table(int sequence, boolean signed) throws IOException {
    for (DicomDataset place : settings) {
      List<DicomDataset> items = place.items(sequence);
      if (!items.isEmpty()) {
        return LookupTable.of(items.get(0), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, signed);
      }
    }
    return null;
  }

  private double decimal(int tag, double otherwise) throws IOException {
    for (DicomDataset place : settings) {
      Double value = place.decimal(tag);
      if (value != null) {
        return value;
      }
    }
    return otherwise;
  }
}
