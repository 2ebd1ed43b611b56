package io.camjar.weights.safetensors;

import io.camjar.weights.bytes.Float16;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a tensor's elements in a given type: as they are, or rounded to nearest even. */
final class ElementWriter {
  private ElementWriter() {}

  static void write(TensorEntry tensor, DType type, BufferedSink sink) throws IOException {
    if (tensor.dtype() == type) {
      tensor.copyBytesTo(sink);
      return;
    }
    for (float value : tensor.toFloats()) {
      ByteBuffer room = sink.room();
      boolean fits =
          switch (type) {
            case FLOAT32 -> {
              room.putFloat(value);
              yield true;
            }
            case FLOAT16 -> {
              short half = Float16.floatToHalf(value);
              room.putShort(half);
              yield !Float.isFinite(value) || Float.isFinite(Float16.halfToFloat(half));
            }
            case BFLOAT16 -> {
              short bits = Float16.floatToBfloat16(value);
              room.putShort(bits);
              yield !Float.isFinite(value) || Float.isFinite(Float16.bfloat16ToFloat(bits));
            }
            default -> throw new IllegalArgumentException("cannot write floats as " + type);
          };
      if (!fits) {
        throw new Malformed(
            "has the tensor '"
                + tensor.name()
                + "' with the value "
                + value
                + ", which is too large for "
                + type.torchName(),
            "convert it to float32");
      }
    }
  }
}
