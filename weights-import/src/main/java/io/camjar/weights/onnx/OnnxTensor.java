package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxFields.Entry;
import io.camjar.weights.onnx.OnnxFields.Tensor;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@code TensorProto}: its elements lie in the file as they are (raw), one by one as typed data,
 * or in a file next to it.
 */
final class OnnxTensor {
  private static final int MAX_RANK = 32;

  private final ProtoCursor proto;
  private final ExternalData external;

  private String name = "";
  private long type;
  private long[] shape = new long[0];
  private @Nullable ByteRegion raw;
  private @Nullable TypedData typed;
  private boolean outside;
  private String location = "";
  private String offset = "0";
  private String length = "";

  private OnnxTensor(ProtoCursor proto, ExternalData external) {
    this.proto = proto;
    this.external = external;
  }

  /** Reads the tensor that the current field holds. */
  static TensorEntry read(ProtoCursor proto, ExternalData external) {
    OnnxTensor tensor = new OnnxTensor(proto, external);
    proto.message(tensor::field);
    return tensor.entry();
  }

  private boolean field(int number) {
    switch (number) {
      case Tensor.DIMS -> proto.integers(this::dimension);
      case Tensor.DATA_TYPE -> type = proto.integer();
      case Tensor.NAME -> name = proto.text();
      case Tensor.RAW_DATA -> raw = proto.bytes();
      case Tensor.FLOAT_DATA -> proto.fixed32(typed(4)::add);
      case Tensor.INT32_DATA, Tensor.INT64_DATA, Tensor.UINT64_DATA ->
          proto.integers(typed(8)::add);
      case Tensor.DOUBLE_DATA -> proto.fixed64(typed(8)::add);
      case Tensor.EXTERNAL_DATA -> externalEntry();
      case Tensor.DATA_LOCATION -> outside = proto.integer() == 1;
      case Tensor.STRING_DATA, Tensor.SEGMENT ->
          throw new Malformed(
              "has the tensor '" + name + "' as text or in segments, which camjar does not read",
              "export the model again with numbers in one piece");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void dimension(long size) {
    if (shape.length == MAX_RANK) {
      throw Malformed.damaged("a tensor has more than " + MAX_RANK + " dimensions");
    }
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = size;
  }

  private TypedData typed(int bytes) {
    if (typed == null) {
      typed = new TypedData(bytes);
    }
    return typed;
  }

  private void externalEntry() {
    String[] entry = {"", ""};
    proto.message(
        number -> {
          if (number == Entry.KEY || number == Entry.VALUE) {
            entry[number - 1] = proto.text();
            return true;
          }
          return false;
        });
    switch (entry[0]) {
      case "location" -> location = entry[1];
      case "offset" -> offset = entry[1];
      case "length" -> length = entry[1];
      default -> {
        // A checksum, or a writer's own note.
      }
    }
  }

  private TensorEntry entry() {
    DType dtype =
        OnnxTypes.dtype(type)
            .orElseThrow(
                () ->
                    new Malformed(
                        "has the tensor '"
                            + name
                            + "' of type "
                            + OnnxTypes.name(type)
                            + ", which camjar does not read",
                        "export the model in float32 or float16"));
    long elements = Shapes.elements(shape);
    if (elements < 0 || elements > Long.MAX_VALUE / 8) {
      throw Malformed.damaged("tensor '" + name + "' has the shape " + Shapes.toString(shape));
    }
    ByteRegion bytes = data(dtype, elements * dtype.bytes());
    if (bytes.size() != elements * dtype.bytes()) {
      throw Malformed.damaged(
          "tensor '"
              + name
              + "' "
              + Shapes.toString(shape)
              + " of "
              + dtype.torchName()
              + " has "
              + bytes.size()
              + " bytes");
    }
    return TensorEntry.contiguous(name, Storage.littleEndian(dtype, bytes), shape);
  }

  private ByteRegion data(DType dtype, long expected) {
    if (outside) {
      ByteRegion file = external.open(location);
      long from = number(offset);
      long count = length.isEmpty() ? expected : number(length);
      if (!file.holds(from, count)) {
        throw Malformed.truncated(
            "tensor '"
                + name
                + "' lies at bytes "
                + from
                + " to "
                + (from + count)
                + " of '"
                + location
                + "', which has "
                + file.size());
      }
      return file.slice(from, count);
    }
    if (raw != null) {
      return raw;
    }
    return typed == null ? ByteRegion.wrap(new byte[0]) : typed.region(dtype);
  }

  private long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new Malformed(
          "places the tensor '" + name + "' at '" + text + "', which is no number",
          Malformed.FETCH_AGAIN,
          e);
    }
  }
}
