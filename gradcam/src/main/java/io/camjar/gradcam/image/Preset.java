package io.camjar.gradcam.image;

import io.camjar.engine.NearestNames;
import io.camjar.engine.Spelling;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a network's trainer did to a picture before the network saw it: framing, then {@code (sample
 * / 255 - mean) / std} per channel. Immutable; the {@code with} methods return variants.
 *
 * <table>
 * <caption>The named presets, all for a side of 224 and ImageNet's mean and std</caption>
 * <tr><th>name</th><th>framing</th></tr>
 * <tr><td>torchvision</td><td>short side to 256 (size * 256 / 224), bilinear, centre crop</td></tr>
 * <tr><td>torchvision-v2</td><td>the same with 232</td></tr>
 * <tr><td>timm</td><td>short side to floor(size / 0.95), bicubic, centre crop</td></tr>
 * <tr><td>fastai1</td><td>grid_sample on floats to the short side, centre crop</td></tr>
 * <tr><td>fastai2-crop</td><td>centre crop, then bilinear</td></tr>
 * <tr><td>fastai2-squish</td><td>bilinear, proportions lost</td></tr>
 * <tr><td>fastai2-randomresizedcrop</td><td>bilinear to 256 (size + 14 %), proportions lost, centre crop</td></tr>
 * </table>
 */
public final class Preset {
  private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] IMAGENET_STD = {0.229f, 0.224f, 0.225f};
  private static final Map<String, Supplier<Framing>> NAMED =
      new TreeMap<>(
          Map.of(
              "torchvision", () -> new ShortSideCrop(n -> n * 256 / 224, Resample.BILINEAR),
              "torchvision-v2", () -> new ShortSideCrop(n -> n * 232 / 224, Resample.BILINEAR),
              "timm", () -> new ShortSideCrop(n -> scaled(n, 0.95), Resample.BICUBIC),
              "fastai1", GridSample::new,
              "fastai2-crop", () -> new CropThenResize(Resample.BILINEAR),
              "fastai2-squish", () -> new Squish(Resample.BILINEAR),
              "fastai2-randomresizedcrop", () -> new SquishThenCrop(Resample.BILINEAR)));

  private final String name;
  private final int height;
  private final int width;
  private final Framing framing;
  private final float[] mean;
  private final float[] std;

  private Preset(String name, int height, int width, Framing framing, float[] mean, float[] std) {
    this.name = name;
    this.height = height;
    this.width = width;
    this.framing = framing;
    this.mean = mean;
    this.std = std;
  }

  /**
   * The preset of that name; case, hyphens and underscores are free.
   *
   * @throws ImageException naming the presets there are
   */
  public static Preset named(String name) {
    String known =
        Spelling.find(name, names())
            .orElseThrow(
                () ->
                    new ImageException(
                        "There is no preset \"%s\"%s"
                            .formatted(name, NearestNames.choice(name, names()))));
    return new Preset(known, 224, 224, NAMED.get(known).get(), IMAGENET_MEAN, IMAGENET_STD);
  }

  /**
   * A preset of one's own, framed as timm does: short side to {@code floor(size / cropPct)}, centre
   * crop; ImageNet's mean and std until {@link #withNormalisation} says otherwise.
   *
   * @param cropPct the share of the short side that the network sees, above 0 and up to 1
   */
  public static Preset custom(int size, double cropPct, Resample filter) {
    if (!(cropPct > 0 && cropPct <= 1)) {
      throw new ImageException(
          "The crop share must lie above 0 and not above 1, but it is " + cropPct + ".");
    }
    Framing framing = new ShortSideCrop(n -> scaled(n, cropPct), filter);
    return new Preset("custom", 224, 224, framing, IMAGENET_MEAN, IMAGENET_STD).withSize(size);
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return List.copyOf(NAMED.keySet());
  }

  private static int scaled(int size, double cropPct) {
    return (int) Math.floor(size / cropPct);
  }

  /** The same preset for a square network input of {@code size} pixels a side. */
  public Preset withSize(int size) {
    return withSize(size, size);
  }

  /** The same preset for a network input of {@code height} x {@code width} pixels. */
  public Preset withSize(int height, int width) {
    if (height < 1 || width < 1 || height > 16_384 || width > 16_384) {
      throw new ImageException(
          "A network input of %d x %d pixels is not usable; both sides must lie in 1 to 16384."
              .formatted(height, width));
    }
    return new Preset(name, height, width, framing, mean, std);
  }

  /**
   * The same preset with other normalisation; the number of values says how many channels the
   * network has.
   *
   * @param mean one value a channel, of samples scaled to 0 to 1; one or three channels
   * @param std likewise, each above 0
   */
  public Preset withNormalisation(float[] mean, float[] std) {
    boolean positive = true;
    for (float s : std) {
      positive &= s > 0 && Float.isFinite(s);
    }
    if (mean.length != std.length || (mean.length != 1 && mean.length != 3) || !positive) {
      throw new ImageException(
          "Mean and std need one or three values each, std above 0, but mean has "
              + mean.length
              + " and std has "
              + std.length
              + (positive ? "." : ", not all of them above 0."));
    }
    return new Preset(name, height, width, framing, mean.clone(), std.clone());
  }

  /**
   * The same preset for a network of one or three input channels; for one channel the picture is
   * made gray first, and mean and std become the averages over red, green and blue.
   */
  public Preset withChannels(int channels) {
    if (channels == mean.length) {
      return this;
    }
    if (channels == 1) {
      return withNormalisation(new float[] {average(mean)}, new float[] {average(std)});
    }
    if (channels == 3) {
      return withNormalisation(
          new float[] {mean[0], mean[0], mean[0]}, new float[] {std[0], std[0], std[0]});
    }
    throw new ImageException(
        "Pictures feed networks of one or three input channels, not of "
            + channels
            + "; use a prepared array instead.");
  }

  private static float average(float[] values) {
    return (values[0] + values[1] + values[2]) / 3;
  }

  /** The name it was asked for by; {@code custom} for one's own. */
  public String name() {
    return name;
  }

  /** Rows of the network's input. */
  public int height() {
    return height;
  }

  /** Columns of the network's input. */
  public int width() {
    return width;
  }

  /** Input channels: 1 or 3. */
  public int channels() {
    return mean.length;
  }

  /** What is subtracted from samples of 0 to 1, one value a channel; a copy. */
  public float[] mean() {
    return mean.clone();
  }

  /** What they are divided by then, one value a channel; a copy. */
  public float[] std() {
    return std.clone();
  }

  /** Frames and normalises {@code image}. */
  public Preprocessed apply(RgbImage image) {
    int channels = mean.length;
    Framing.Framed framed = framing.frame(channels == 1 ? image.gray() : image, height, width);
    int plane = height * width;
    float[] values = new float[channels * plane];
    for (int c = 0; c < channels; c++) {
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        values[i] = (framed.planes()[i] - mean[c]) / std[c];
      }
    }
    return new Preprocessed(channels, height, width, values, framed.region());
  }

  /**
   * What a prepared input looks like: {@link #apply} undone as far as 8 bits allow.
   *
   * @param values normalised samples, {@code [channels][height][width]} flattened
   */
  public RgbImage picture(float[] values, int inputHeight, int inputWidth) {
    int plane = inputHeight * inputWidth;
    byte[] rgb = new byte[3 * plane];
    for (int i = 0; i < rgb.length; i++) {
      int c = mean.length == 1 ? 0 : i % 3;
      float sample = values[c * plane + i / 3] * std[c] + mean[c];
      rgb[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, sample)));
    }
    return RgbImage.wrap(inputWidth, inputHeight, rgb);
  }

  @Override
  public String toString() {
    return name + " " + height + " x " + width;
  }
}
