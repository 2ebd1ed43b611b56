package io.camjar.weights.safetensors;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.safetensors.SafetensorsHeader.TensorRecord;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: its tensors are slices of the mapped file.
 *
 * <p>Checks what the format promises: no gaps, no overlaps, nothing after the last tensor, no name
 * twice.
 *
 * @param tensors in the order of their bytes
 * @param metadata the free text of the header
 */
public record Safetensors(StateDict tensors, Map<String, String> metadata) {

  /** Whether the region begins as safetensors files do: a length, then JSON. */
  public static boolean looksLike(ByteRegion file) {
    return file.size() >= 10 && file.u8(8) == '{';
  }

  /**
   * Reads the header and checks it against the file.
   *
   * @throws Malformed if anything is not as the format defines it
   */
  public static Safetensors read(ByteRegion file) {
    SafetensorsHeader header = SafetensorsHeader.read(file);
    List<TensorRecord> records = new ArrayList<>(header.tensors());
    records.sort(
        Comparator.comparingLong(TensorRecord::begin).thenComparingLong(TensorRecord::end));
    long dataSize = file.size() - header.dataOffset();
    List<TensorEntry> tensors = new ArrayList<>();
    long end = 0;
    for (TensorRecord tensor : records) {
      if (tensor.begin() != end || tensor.end() < tensor.begin()) {
        throw Malformed.damaged(
            "tensor '"
                + tensor.name()
                + "' lies at bytes "
                + tensor.begin()
                + " to "
                + tensor.end()
                + ", which leaves a hole or overlaps the one before");
      }
      end = tensor.end();
      if (end > dataSize) {
        throw Malformed.truncated("tensor '" + tensor.name() + "' ends behind the end of the file");
      }
      tensors.add(entry(tensor, file, header.dataOffset()));
    }
    if (end != dataSize) {
      throw Malformed.damaged((dataSize - end) + " bytes follow its last tensor");
    }
    return new Safetensors(StateDict.of(tensors), header.metadata());
  }

  private static TensorEntry entry(TensorRecord tensor, ByteRegion file, long dataOffset) {
    DType dtype =
        DType.ofSafetensorsName(tensor.dtype())
            .orElseThrow(
                () ->
                    new Malformed(
                        "has tensor '"
                            + tensor.name()
                            + "' of type "
                            + tensor.dtype()
                            + ", which camjar does not read",
                        "save it as F32, F16 or BF16"));
    long elements = Shapes.elements(tensor.shape());
    long bytes = tensor.end() - tensor.begin();
    if (elements < 0 || elements > Long.MAX_VALUE / 8 || elements * dtype.bytes() != bytes) {
      throw Malformed.damaged(
          "tensor '"
              + tensor.name()
              + "' "
              + Shapes.toString(tensor.shape())
              + " has "
              + bytes
              + " bytes");
    }
    Storage storage = Storage.littleEndian(dtype, file.slice(dataOffset + tensor.begin(), bytes));
    return TensorEntry.contiguous(tensor.name(), storage, tensor.shape());
  }
}
