package io.camjar.benchmarks.compare;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.Families;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.onnx.write.OnnxWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes networks with synthetic weights as ONNX models for the peers, as {@code camjar convert}
 * does: those that torchvision lacks.
 */
public final class FamilyModels {
  private static final int CLASSES = 1000;

  private FamilyModels() {}

  /** Writes {@code NAME.onnx} into a folder; the arguments are the folder and the names. */
  public static void main(String[] args) throws IOException {
    for (int i = 1; i < args.length; i++) {
      Architecture network = Families.named(args[i], CLASSES);
      Path file = Path.of(args[0], args[i] + ".onnx");
      OnnxWriter.write(file, true, network, weights(network), Map.of());
    }
  }

  private static StateDict weights(Architecture network) {
    List<TensorEntry> tensors = new ArrayList<>();
    network
        .graph()
        .load(new SyntheticParameters())
        .forEach(
            (name, array) -> {
              float[] values = HostCopy.floats(array);
              ByteBuffer bytes =
                  ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
              bytes.asFloatBuffer().put(values);
              Storage storage = Storage.littleEndian(DType.FLOAT32, ByteRegion.wrap(bytes.array()));
              tensors.add(TensorEntry.contiguous(name, storage, array.shape()));
              array.close();
            });
    return StateDict.of(tensors);
  }
}
