package io.camjar.weights;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.parameter.ParameterSource;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Hands a file's tensors to the engine: as new arrays, or as places to read them from again. */
final class CheckpointParameters implements Parameters {
  private final String source;
  private final StateDict tensors;
  private final Consumer<String> nonFinite;

  /**
   * The tensors of a file.
   *
   * @param nonFinite told the names of tensors with a NaN or an infinity as they are read
   */
  CheckpointParameters(String source, StateDict tensors, Consumer<String> nonFinite) {
    this.nonFinite = nonFinite;
    this.source = source;
    this.tensors = tensors;
  }

  @Override
  public boolean has(String path) {
    return tensors.has(path);
  }

  @Override
  public INDArray get(String path, long... shape) {
    TensorEntry tensor = tensor(path, shape);
    tellIfNonFinite(path, tensor);
    return tensor.toArray();
  }

  /**
   * A tensor stays in the file and is only looked at now; an empty one or a scalar is not worth it.
   */
  @Override
  public Optional<ParameterSource> source(String path, long... shape) {
    TensorEntry tensor = tensor(path, shape);
    if (tensor.rank() == 0 || tensor.elements() == 0) {
      return Optional.empty();
    }
    tellIfNonFinite(path, tensor);
    return Optional.of(to -> read(tensor, to));
  }

  private void tellIfNonFinite(String path, TensorEntry tensor) {
    if (!tensor.isFiniteAsFloat()) {
      nonFinite.accept(path);
    }
  }

  private void read(TensorEntry tensor, FloatBuffer to) {
    try {
      tensor.storage().bytes().requireUnchanged();
      tensor.copyTo(to);
      tensor.storage().bytes().requireUnchanged();
    } catch (Malformed e) {
      throw new CheckpointException(source, e);
    }
  }

  private TensorEntry tensor(String path, long... shape) {
    TensorEntry tensor =
        tensors
            .find(path)
            .orElseThrow(
                () ->
                    new CamjarException(
                        source
                            + " lacks the tensor '"
                            + path
                            + "' of shape "
                            + Shapes.toString(shape)));
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new CamjarException(
          source
              + " has the tensor '"
              + path
              + "' in the wrong shape: expected "
              + Shapes.toString(shape)
              + ", found "
              + Shapes.toString(tensor.shape()));
    }
    return tensor;
  }
}
