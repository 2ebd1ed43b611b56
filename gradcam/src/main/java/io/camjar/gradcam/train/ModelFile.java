package io.camjar.gradcam.train;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.KnowledgeText;
import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.PreparationStep;
import io.camjar.weights.container.preparation.Size;
import io.camjar.weights.safetensors.SafetensorsWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A trained network as a safetensors file with its class names and its preparation. */
final class ModelFile {
  private ModelFile() {}

  /** How images are prepared for a network that was trained at this size. */
  static Preparation preparation(TrainingSettings settings, Normalization normalization) {
    return new Preparation(
        "camjar train",
        List.of(
            PreparationStep.shortSide(settings.resize(), "bilinear"),
            PreparationStep.of(
                PreparationStep.Kind.CENTER_CROP, Size.square(settings.size()), "even")),
        Optional.of(Size.square(settings.size())),
        Optional.of(normalization),
        List.of());
  }

  /** Writes it; the file appears, or is replaced, only when it is whole and on the disk. */
  static void write(
      Path file, Network network, List<String> classes, Preparation preparation, int epoch)
      throws IOException {
    List<TensorEntry> tensors = new ArrayList<>();
    network
        .parameters()
        .forEach((name, array) -> tensors.add(tensor(name, HostCopy.floats(array), array.shape())));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.putAll(
        KnowledgeText.text(
            new Knowledge(
                classes,
                Optional.of(preparation),
                OptionalLong.of(epoch),
                Optional.empty(),
                Optional.empty())));
    SafetensorsWriter.write(file, true, tensors, DType.FLOAT32, metadata);
  }

  static TensorEntry tensor(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return TensorEntry.contiguous(
        name, Storage.littleEndian(DType.FLOAT32, ByteRegion.wrap(bytes.array())), shape);
  }
}
