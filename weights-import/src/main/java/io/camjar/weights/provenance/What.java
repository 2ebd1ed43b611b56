package io.camjar.weights.provenance;

/** The names of what is assumed of every file and image; the area comes first. */
public final class What {
  /** Which entry of the checkpoint holds the network, outermost key first, with dots. */
  public static final String KEY = "weights.key";

  /** Whose names the tensors bear: {@code torchvision}, {@code fastai}, ... */
  public static final String NAMES = "weights.names";

  /** Which layers classify, and what stands between them where no tensor shows it. */
  public static final String CLASSIFIER = "weights.classifier";

  /** Classes whose own forward is not in the file, and what it is taken to do. */
  public static final String FORWARD = "weights.forward";

  /** What was stripped from the front of the names. */
  public static final String PREFIX = "weights.prefix";

  /** Tensors that were left out although the file has them: how many, and some of their names. */
  public static final String IGNORED = "weights.ignored";

  /** How an image becomes the network's rectangle: crop, squish, pad. */
  public static final String FRAMING = "preparation.framing";

  /** Height x width of the network's input. */
  public static final String SIZE = "preparation.size";

  /** The filter that images are resized with. */
  public static final String INTERPOLATION = "preparation.interpolation";

  /** What is subtracted from samples of 0 to 1, one number a channel. */
  public static final String MEAN = "preparation.mean";

  /** What they are divided by then, one number a channel. */
  public static final String STD = "preparation.std";

  /** What outputs mean: {@code softmax}, {@code sigmoid} or {@code raw}. */
  public static final String ACTIVATION = "outputs.activation";

  /** Where the names of classes come from. */
  public static final String LABELS = "outputs.labels";

  /** How the image was turned before anything else. */
  public static final String ORIENTATION = "image.orientation";

  /** What was done to its samples to make them 8-bit RGB: range, window, inversion. */
  public static final String SAMPLES = "image.samples";

  private What() {}
}
