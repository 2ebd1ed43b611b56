package io.camjar.gradcam.image;

import io.camjar.engine.model.InputSize;
import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.PreparationStep;
import io.camjar.weights.container.preparation.Size;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;
import io.camjar.weights.provenance.What;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a network's trainer did to an image before the network saw it: framing, then {@code (sample
 * - mean) / std} per channel. Immutable; the {@code with} methods return variants.
 *
 * <table>
 * <caption>The named presets, all for a side of 224; mean and std are ImageNet's for samples of 0
 * to 1 where nothing else is said</caption>
 * <tr><th>name</th><th>framing</th></tr>
 * <tr><td>torchvision</td><td>short side to 256 (size * 256 / 224), bilinear, centre crop</td></tr>
 * <tr><td>torchvision-v2</td><td>the same with 232</td></tr>
 * <tr><td>timm</td><td>short side to floor(size / 0.95), bicubic, centre crop</td></tr>
 * <tr><td>fastai1</td><td>grid_sample on floats to the short side, centre crop</td></tr>
 * <tr><td>fastai1-squish</td><td>grid_sample to both sides, proportions lost</td></tr>
 * <tr><td>fastai1-pad</td><td>grid_sample to the long side, padded by reflection</td></tr>
 * <tr><td>fastai2-crop</td><td>centre crop, then bilinear</td></tr>
 * <tr><td>fastai2-squish</td><td>bilinear, proportions lost</td></tr>
 * <tr><td>fastai2-pad, -zeros, -border</td><td>padded by reflection, black or the outermost pixels,
 * then bilinear</td></tr>
 * <tr><td>fastai2-randomresizedcrop</td><td>bilinear to 256 (size + 14 %), proportions lost, centre
 * crop</td></tr>
 * <tr><td>raw255</td><td>bilinear, proportions lost; samples of 0 to 255, mean 0, std 1</td></tr>
 * <tr><td>caffe</td><td>the same, blue first, less 103.939, 116.779, 123.68</td></tr>
 * </table>
 */
public final class Preset {
  private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] IMAGENET_STD = {0.229f, 0.224f, 0.225f};

  /** The name of what a file asks for and no named preset does. */
  private static final String FROM_FILE = "from-file";

  /** What a record says of an input that came prepared. */
  public static final List<Assumption> CAME_PREPARED =
      List.of(Assumption.byOption(What.FRAMING, "none", "the input came prepared"));

  private final String name;
  private final Function<Size, List<PreparationStep>> framing;
  private final Size size;

  /** Of samples 0 to 1, in the network's order of channels. */
  private final float[] mean;

  private final float[] std;

  /** What mean and std of whoever asks are for: samples to 1 or to 255. */
  private final int range;

  private final boolean bgr;
  private final Origins origins;

  /**
   * Who said what.
   *
   * @param framing who chose how images are framed
   * @param size who named the network's size
   * @param normalization who named mean and std
   * @param notFollowed what a file asks for and is not done
   * @param refusal why images cannot be prepared; null if they can
   */
  public record Origins(
      Origin framing,
      Origin size,
      Origin normalization,
      List<String> notFollowed,
      @Nullable String refusal) {
    public Origins {
      notFollowed = List.copyOf(notFollowed);
    }

    /** One said it all. */
    public static Origins all(Origin origin) {
      return new Origins(origin, origin, origin, List.of(), null);
    }

    /** The same with the size from somebody else. */
    public Origins withSize(Origin origin) {
      return new Origins(framing, origin, normalization, notFollowed, refusal);
    }

    /** The same with mean and std from somebody else, who gave usable ones. */
    public Origins withNormalization(Origin origin) {
      return new Origins(framing, size, origin, notFollowed, null);
    }

    /** The same with one more sentence about what is not followed. */
    public Origins withNote(String sentence) {
      List<String> more = new ArrayList<>(notFollowed);
      more.add(sentence);
      return new Origins(framing, size, normalization, more, refusal);
    }
  }

  private Preset(
      String name,
      Function<Size, List<PreparationStep>> framing,
      Size size,
      float[] mean,
      float[] std,
      int range,
      boolean bgr,
      Origins origins) {
    this.name = name;
    this.framing = framing;
    this.size = size;
    this.mean = mean;
    this.std = std;
    this.range = range;
    this.bgr = bgr;
    this.origins = origins;
  }

  /**
   * The preset of that name, in any case, with hyphens, underscores or without; {@code imagenet} is
   * torchvision's.
   *
   * @throws ImageException naming the presets there are
   */
  public static Preset named(String word) {
    String name = Presets.resolve(word);
    Preset plain =
        new Preset(
            name,
            Presets.framing(name),
            Size.square(224),
            IMAGENET_MEAN,
            IMAGENET_STD,
            1,
            false,
            Origins.all(Origin.CALLER));
    return switch (name) {
      case "raw255" ->
          plain.inBytes(false).withNormalisation(new float[] {0, 0, 0}, new float[] {1, 1, 1});
      case "caffe" ->
          plain
              .inBytes(true)
              .withNormalisation(new float[] {103.939f, 116.779f, 123.68f}, new float[] {1, 1, 1});
      default -> plain;
    };
  }

  /**
   * The preset of that name, chosen by nobody.
   *
   * @param why what speaks for it
   */
  public static Preset usual(String name, String why) {
    return named(name).saidBy(Origins.all(new Origin(Source.DEFAULT, why)));
  }

  private Preset inBytes(boolean blueFirst) {
    return new Preset(name, framing, size, mean, std, 255, blueFirst, origins);
  }

  /**
   * A preset of one's own, framed as timm does: short side to {@code floor(size / cropPct)}, centre
   * crop; ImageNet's mean and std until {@link #withNormalisation} says otherwise.
   *
   * @param cropPct the share of the short side that the network sees, above 0 and up to 1
   * @throws ImageException if the share is not above 0 and at most 1, or the size is not in 1 to
   *     16384
   */
  public static Preset custom(int size, double cropPct, Resample filter) {
    if (!(cropPct > 0 && cropPct <= 1)) {
      throw new ImageException(
          "The crop share must lie above 0 and not above 1, but it is " + cropPct + ".");
    }
    String pillow = filter.name().toLowerCase(Locale.ROOT);
    Function<Size, List<PreparationStep>> framing =
        wanted ->
            List.of(
                PreparationStep.shortSide(
                    (int) Math.floor(Math.max(wanted.height(), wanted.width()) / cropPct), pillow),
                PreparationStep.of(PreparationStep.Kind.CENTER_CROP, wanted, "even"));
    return new Preset(
            "custom",
            framing,
            Size.square(224),
            IMAGENET_MEAN,
            IMAGENET_STD,
            1,
            false,
            Origins.all(Origin.CALLER))
        .withSize(size);
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return Presets.names();
  }

  /** The same preset for a square network input of {@code size} pixels a side. */
  public Preset withSize(int size) {
    return withSize(size, size);
  }

  /**
   * The same preset for a network input of {@code height} x {@code width} pixels.
   *
   * @throws ImageException if a side is not in 1 to 16384
   */
  public Preset withSize(int height, int width) {
    if (height < 1 || width < 1 || height > 16_384 || width > 16_384) {
      throw new ImageException(
          "A network input of %d x %d pixels is not usable; both sides must lie in 1 to 16384."
              .formatted(height, width));
    }
    Size wanted = new Size(height, width);
    Origins who = wanted.equals(size) ? origins : origins.withSize(Origin.CALLER);
    return new Preset(name, framing, wanted, mean, std, range, bgr, who);
  }

  /** The same preset for images of the size that a network is meant for. */
  public Preset meantFor(InputSize input) {
    Size wanted = new Size(input.height(), input.width());
    if (wanted.equals(size)) {
      return this;
    }
    Origin network =
        new Origin(
            Source.NETWORK,
            input.fixed() ? "the network takes no other size" : "the network is meant for it");
    return new Preset(name, framing, wanted, mean, std, range, bgr, origins.withSize(network));
  }

  /**
   * The same preset with other normalisation; the number of values says how many channels the
   * network has.
   *
   * @param mean one value a channel, in the network's order of channels, of samples 0 to 1, or 0 to
   *     255 for presets of such samples
   * @param std likewise, each above 0
   * @throws ImageException if the values cannot be of such samples
   */
  public Preset withNormalisation(float[] mean, float[] std) {
    Statistics.check(mean, std, range);
    float[] means = new float[mean.length];
    float[] deviations = new float[std.length];
    for (int c = 0; c < mean.length; c++) {
      means[c] = mean[c] / range;
      deviations[c] = std[c] / range;
    }
    Origins usable = origins.withNormalization(Origin.CALLER);
    return new Preset(name, framing, size, means, deviations, range, bgr, usable);
  }

  /**
   * The same preset for a network of so many input channels. For one the image is made gray first,
   * and mean and std become the averages over red, green and blue. Images feed one or three; with
   * another number only {@link #picture} is of use.
   */
  public Preset withChannels(int channels) {
    if (channels == mean.length) {
      return this;
    }
    float[] means = new float[channels];
    float[] deviations = new float[channels];
    Arrays.fill(means, channels == 1 ? average(mean) : mean[0]);
    Arrays.fill(deviations, channels == 1 ? average(std) : std[0]);
    return new Preset(name, framing, size, means, deviations, range, bgr, origins);
  }

  /** The same preset with the channels of the network in the order blue, green, red. */
  public Preset withBlueFirst() {
    return new Preset(name, framing, size, mean, std, range, true, origins);
  }

  /** The same size, statistics and order of channels, with images framed as another preset does. */
  public Preset framedAs(Preset other) {
    return new Preset(other.name, other.framing, size, mean, std, range, bgr, origins);
  }

  /** The same preset, with another account of who chose it. */
  public Preset saidBy(Origins who) {
    return new Preset(name, framing, size, mean, std, range, bgr, who);
  }

  /**
   * What a file says, where it says something; this preset where it does not.
   *
   * <p>Statistics that cannot be of samples 0 to 1 are no error until an image is prepared with
   * them.
   */
  public Preset following(Preparation said) {
    Origin file = new Origin(Source.FILE, said.origin());
    List<String> notes = new ArrayList<>(said.notFollowed());
    Preset preset = this;
    boolean framed = said.size().isPresent() && !said.steps().isEmpty();
    if (said.size().isPresent()) {
      Size named = said.size().get();
      preset = preset.withSize(named.height(), named.width());
      preset = framed ? preset.framed(said.steps(), named) : preset;
    } else if (!said.steps().isEmpty()) {
      notes.add(
          "the file asks for %s and names no size of the network's input; it is not followed"
              .formatted(
                  String.join(
                      ", then ", said.steps().stream().map(PreparationStep::inWords).toList())));
    }
    Origin normalised = origins.normalization;
    String refusal = null;
    if (said.normalization().isPresent()) {
      float[] means = spread(said.normalization().get().mean());
      float[] deviations = spread(said.normalization().get().std());
      if (means.length != mean.length) {
        notes.add(
            "the file's mean and std have %d values and are not followed: the network has %d channels"
                .formatted(means.length, mean.length));
      } else {
        normalised = file;
        try {
          preset = preset.withNormalisation(means, deviations);
        } catch (ImageException e) {
          refusal = "the file says (%s): %s".formatted(said.origin(), e.getMessage());
        }
      }
    }
    return preset.saidBy(
        new Origins(
            framed ? file : origins.framing,
            said.size().isPresent() ? file : origins.size,
            normalised,
            notes,
            refusal));
  }

  private Preset framed(List<PreparationStep> steps, Size named) {
    Optional<String> known = Presets.nameOf(steps, named);
    Function<Size, List<PreparationStep>> other =
        known.isPresent()
            ? Presets.framing(known.get())
            : wanted -> Presets.resized(steps, named, wanted);
    return new Preset(known.orElse(FROM_FILE), other, named, mean, std, range, bgr, origins);
  }

  /** One value is for all channels, as PyTorch broadcasts it. */
  private float[] spread(List<Double> values) {
    float[] out = new float[values.size() == 1 ? mean.length : values.size()];
    for (int c = 0; c < out.length; c++) {
      out[c] = values.get(values.size() == 1 ? 0 : c).floatValue();
    }
    return out;
  }

  private static float average(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The name it was asked for by; {@code custom} for one's own, {@code from-file} for a file's. */
  public String name() {
    return name;
  }

  /** Rows of the network's input. */
  public int height() {
    return size.height();
  }

  /** Columns of the network's input. */
  public int width() {
    return size.width();
  }

  /** Input channels. */
  public int channels() {
    return mean.length;
  }

  /** What is done to an image before its samples are normalised. */
  public List<PreparationStep> steps() {
    return framing.apply(size);
  }

  /** What is taken from samples of 0 to 1, one value a channel of the network. */
  public float[] mean() {
    return mean.clone();
  }

  /** What they are divided by then. */
  public float[] std() {
    return std.clone();
  }

  /** Whether the network's channels are blue, green, red. */
  public boolean blueFirst() {
    return bgr;
  }

  /** Who said what of it. */
  public Origins origins() {
    return origins;
  }

  /** Whether a file said anything of it. */
  public boolean isSaidByFile() {
    return origins.framing.by() == Source.FILE
        || origins.size.by() == Source.FILE
        || origins.normalization.by() == Source.FILE;
  }

  /**
   * What a file has to say so that images are prepared for its network in this way.
   *
   * @param origin who says so
   */
  Preparation preparation(String origin) {
    return new Preparation(
        origin,
        steps(),
        Optional.of(size),
        Optional.of(new Normalization(Statistics.decimals(mean), Statistics.decimals(std))),
        origins.notFollowed);
  }

  /** What is done, without who said so. */
  public String inShort() {
    return "%s%s, mean %s, std %s"
        .formatted(
            how(), endsWithSize() ? "" : ", " + size, Statistics.text(mean), Statistics.text(std));
  }

  /** Whether the steps end with the size, which then need not be said again. */
  private boolean endsWithSize() {
    return how().endsWith(" " + size);
  }

  private String how() {
    return name.equals(FROM_FILE) ? stepsText() : name;
  }

  private String stepsText() {
    return String.join(", then ", steps().stream().map(PreparationStep::inWords).toList());
  }

  /** Everything assumed about it, with who said so, for records. */
  public List<Assumption> assumptions() {
    List<Assumption> all = new ArrayList<>();
    all.add(origins.framing.of(What.FRAMING, name, stepsText()));
    all.add(origins.size.of(What.SIZE, size, ""));
    all.add(
        origins.normalization.of(
            What.MEAN, Statistics.text(mean).replace(",", ", "), bgr ? "blue first" : ""));
    all.add(
        origins.normalization.of(
            What.STD, Statistics.text(std).replace(",", ", "), bgr ? "blue first" : ""));
    origins.notFollowed.forEach(
        note -> all.add(Assumption.byFile("preparation.not-followed", note, "")));
    return all;
  }

  /** In a sentence: what is done, and who said so. */
  public String describe() {
    Origin first = origins.framing;
    String order = bgr ? ", blue first" : "";
    if (first.equals(origins.size) && first.equals(origins.normalization)) {
      return "images are prepared as %s%s (%s)".formatted(inShort(), order, first);
    }
    boolean sized = endsWithSize() && first.equals(origins.size);
    return "images are prepared as %s (%s)%s, mean %s, std %s (%s)%s"
        .formatted(
            how(),
            first,
            sized ? "" : ", %s (%s)".formatted(size, origins.size),
            Statistics.text(mean),
            Statistics.text(std),
            origins.normalization,
            order);
  }

  /**
   * Refuses what images cannot be prepared for.
   *
   * @throws ImageException if the network has neither one channel nor three, or a file's statistics
   *     cannot be of samples 0 to 1
   */
  public void check() {
    if (mean.length != 1 && mean.length != 3) {
      throw new ImageException(
          "the network takes %d channels, but an image gives three, or one in gray; prepare arrays of %d channels yourself and give them to explain with --input-npy"
              .formatted(mean.length, mean.length));
    }
    if (bgr && mean.length != 3) {
      throw new ImageException(
          "the network takes one channel, which has no order; leave --bgr out");
    }
    if (origins.refusal != null) {
      throw new ImageException(origins.refusal);
    }
  }

  /**
   * Frames and normalises {@code image}.
   *
   * @throws ImageException as {@link #check}, or if the image would become too large on the way
   */
  public Preprocessed apply(RgbImage image) {
    check();
    int channels = mean.length;
    Framer.Framed framed = Framer.frame(channels == 1 ? image.gray() : image, steps());
    int plane = framed.height() * framed.width();
    float[] values = new float[channels * plane];
    for (int c = 0; c < channels; c++) {
      int from = (bgr ? channels - 1 - c : c) * plane;
      for (int i = 0; i < plane; i++) {
        values[c * plane + i] = (framed.planes()[from + i] - mean[c]) / std[c];
      }
    }
    return new Preprocessed(channels, framed.height(), framed.width(), values, framed.region());
  }

  /**
   * What a prepared input looks like: {@link #apply} undone as far as 8 bits allow. Of a network of
   * other than one or three channels the first three are shown, each from its smallest value to its
   * largest; of two channels the first.
   *
   * @param values normalised samples, {@code [channels][height][width]} flattened
   */
  public RgbImage picture(float[] values, int inputHeight, int inputWidth) {
    int plane = inputHeight * inputWidth;
    boolean known = mean.length == 1 || mean.length == 3;
    byte[] rgb = new byte[3 * plane];
    for (int c = 0; c < 3; c++) {
      int source = mean.length < 3 ? 0 : bgr && mean.length == 3 ? 2 - c : c;
      int from = source * plane;
      if (known) {
        for (int i = 0; i < plane; i++) {
          rgb[3 * i + c] = sample(values[from + i] * std[source] + mean[source]);
        }
      } else {
        float[] range = range(values, from, from + plane);
        float span = Math.max(range[1] - range[0], Float.MIN_NORMAL);
        for (int i = 0; i < plane; i++) {
          rgb[3 * i + c] = sample((values[from + i] - range[0]) / span);
        }
      }
    }
    return RgbImage.wrap(inputWidth, inputHeight, rgb);
  }

  /** In double precision, whose sum is exact, as {@link Math#round} rounds but much faster. */
  private static byte sample(float value) {
    return (byte) (255 * Math.max(0, Math.min(1, value)) + 0.5);
  }

  /** The smallest and the largest of some samples. */
  private static float[] range(float[] samples, int from, int end) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = from; i < end; i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    return new float[] {low, high};
  }

  @Override
  public String toString() {
    return name + " " + size;
  }
}
