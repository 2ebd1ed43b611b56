package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Java's arrays as tensors and back, in one copy each: element by element through ND4J they take
 * several hundred times longer.
 */
public final class Tensors {
  private Tensors() {}

  /**
   * A new float32 tensor; the caller closes it.
   *
   * @param values in c order, the last side varying fastest; copied
   * @param shape such as {@code N, C, H, W}
   * @throws CamjarException if there are more or fewer values than the shape has, or a side is
   *     below 1
   */
  public static INDArray of(float[] values, long... shape) {
    if (Arrays.stream(shape).anyMatch(side -> side < 1)) {
      throw new CamjarException(
          "the sides of a tensor are at least 1, found " + Arrays.toString(shape));
    }
    long length = 1;
    for (long side : shape) {
      if (side > Integer.MAX_VALUE / length) {
        throw new CamjarException(
            "a tensor of shape %s has more values than an array of Java's, found %d"
                .formatted(Arrays.toString(shape), values.length));
      }
      length *= side;
    }
    if (length != values.length) {
      throw new CamjarException(
          "a tensor of shape %s has %d values, found %d"
              .formatted(Arrays.toString(shape), length, values.length));
    }
    return HostCopy.array(values, shape);
  }

  /**
   * The values of a float32 tensor in c order, copied.
   *
   * @throws IllegalArgumentException if it is of another type
   */
  public static float[] floats(INDArray tensor) {
    return HostCopy.floats(tensor);
  }
}
