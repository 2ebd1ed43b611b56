package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.InputSize;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.Timings;
import io.camjar.weights.npy.Npy;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One input of a {@code .npy} file of prepared inputs. */
public final class ArraySource implements Source {
  private static final long LARGEST = 1L << 28;

  private final Path file;
  private final int index;
  private final int[] shape;
  private final float[] values;

  private ArraySource(Path file, int index, int[] shape, float[] values) {
    this.file = file;
    this.index = index;
    this.shape = shape;
    this.values = values;
  }

  /**
   * The inputs of a file.
   *
   * @param network that they are for
   * @throws CamjarException if the file is no float32 array {@code [N, C, H, W]} of the network's
   *     channels, or {@code [C, H, W]}, or the network is to be made for their size first
   */
  public static List<ArraySource> open(Path file, Architecture network) {
    int channels = network.inChannels();
    TensorEntry tensor = Npy.read(file);
    long[] shape = tensor.shape();
    long[] four = shape.length == 3 ? new long[] {1, shape[0], shape[1], shape[2]} : shape;
    boolean fits =
        tensor.dtype() == DType.FLOAT32
            && four.length == 4
            && four[1] == channels
            && Arrays.stream(four).allMatch(size -> size > 0);
    if (!fits) {
      throw new CamjarException(
          "%s holds a %s array of shape %s, but a float32 array [N, %d, H, W] is needed; %s"
              .formatted(
                  file,
                  tensor.dtype().torchName(),
                  Arrays.toString(shape),
                  channels,
                  remedy(tensor.dtype(), four, channels)));
    }
    int height = (int) four[2];
    int width = (int) four[3];
    InputSize size = network.inputSize();
    if (!size.allows(height, width) && network.resized(height, width).isPresent()) {
      throw new CamjarException(
          "%s holds images of %dx%d, and %s was read for those of %dx%d; give --size %dx%d"
              .formatted(
                  file, height, width, network.name(), size.height(), size.width(), height, width));
    }
    if (tensor.elements() > LARGEST) {
      throw new CamjarException(
          "%s holds %d numbers, more than the %d that are read at once; split it"
              .formatted(file, tensor.elements(), LARGEST));
    }
    float[] values = tensor.toFloats();
    int[] one = {channels, height, width};
    return IntStream.range(0, (int) four[0])
        .mapToObj(i -> new ArraySource(file, i, one, values))
        .toList();
  }

  @Override
  public String image() {
    return "%s[%d]".formatted(file, index);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String stem() {
    return "input" + index;
  }

  @Override
  public Explanation explain(Explainer explainer, List<Target> targets) {
    long start = System.nanoTime();
    int length = shape[0] * shape[1] * shape[2];
    float[] one = Arrays.copyOfRange(values, index * length, (index + 1) * length);
    try (INDArray input = HostCopy.array(one, 1, shape[0], shape[1], shape[2])) {
      double load = Timings.since(start);
      Explanation explanation = explainer.explain(image(), input, targets);
      return explanation.withTimings(explanation.timings().withLoad(load));
    }
  }

  /** What to do about an array that does not fit. */
  private static String remedy(DType type, long[] four, int channels) {
    if (four.length == 4 && four[3] == channels && four[1] != channels) {
      return "move its channels ahead of rows and columns: x.transpose(0, 3, 1, 2)";
    }
    return type == DType.FLOAT32
        ? "prepare images as the network wants them"
        : "save x.astype(numpy.float32)";
  }
}
