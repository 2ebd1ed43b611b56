package io.camjar.engine.graph;

import io.camjar.engine.CamjarException;
import io.camjar.engine.parameter.ParameterSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a network finds its parameters: named tensors, asked for by full path and expected shape.
 *
 * <p>Names are PyTorch's ({@code layer1.0.conv1.weight}); asking with a shape makes every load a
 * shape check.
 */
public interface Parameters {

  /** Whether a tensor of this name is present. */
  boolean has(String path);

  /**
   * The tensor of this name, c order.
   *
   * <p>The array belongs to the network that asked for it: it is not shared and may be closed.
   *
   * @param path full name, such as {@code layer1.0.conv1.weight}
   * @param shape the shape it must have
   * @throws CamjarException if it is missing or has another shape; names the tensor and both shapes
   */
  INDArray get(String path, long... shape);

  /**
   * Where the numbers of this tensor can be read again and again, so that a network need not hold
   * them as well; empty, as here, if {@link #get} is the only way to them.
   *
   * @param path full name
   * @param shape the shape it must have
   * @throws CamjarException as {@link #get} does
   */
  default Optional<ParameterSource> source(String path, long... shape) {
    return Optional.empty();
  }

  /** Parameters held in a map; each {@code get} hands out the array itself. */
  static Parameters of(Map<String, INDArray> tensors) {
    return new Parameters() {
      @Override
      public boolean has(String path) {
        return tensors.containsKey(path);
      }

      @Override
      public INDArray get(String path, long... shape) {
        INDArray tensor = tensors.get(path);
        if (tensor == null) {
          throw new CamjarException(
              "tensor " + path + " is missing, expected shape " + Arrays.toString(shape));
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
          throw new CamjarException(
              "tensor %s has shape %s, expected %s"
                  .formatted(path, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
        }
        return tensor;
      }
    };
  }
}
