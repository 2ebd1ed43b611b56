package io.camjar.weights.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.camjar.weights.bytes.AtomicFile;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files.
 *
 * <p>Tensors of wider elements come first, so that every tensor is aligned to its elements; the
 * header is padded with blanks to eight bytes. The same tensors always give the same bytes.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes tensors to a file, which appears only when it is whole, with the permissions that any
   * new file gets.
   *
   * @param overwrite whether a file that is there already and holds something else is replaced
   * @param floating the type that floating-point tensors are written in; others keep theirs
   * @param metadata free text for the header
   * @throws io.camjar.weights.bytes.Malformed if a finite value does not fit {@code floating}
   * @throws FileAlreadyExistsException if something else is there and must not be replaced
   */
  public static void write(
      Path file,
      boolean overwrite,
      Collection<TensorEntry> tensors,
      DType floating,
      Map<String, String> metadata)
      throws IOException {
    List<TensorEntry> ordered =
        tensors.stream()
            .sorted(Comparator.comparingInt(tensor -> -target(tensor, floating).bytes()))
            .toList();
    try (AtomicFile target = new AtomicFile(file)) {
      try (FileChannel channel =
          FileChannel.open(
              target.part(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        BufferedSink sink = new BufferedSink(channel);
        byte[] header = header(ordered, floating, metadata);
        sink.write(
            ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, header.length));
        sink.write(ByteBuffer.wrap(header));
        for (TensorEntry tensor : ordered) {
          ElementWriter.write(tensor, target(tensor, floating), sink);
        }
        sink.flush();
        channel.force(true); // a name must not lead to bytes that a crash has lost
      }
      if (!overwrite && target.changes()) {
        throw new FileAlreadyExistsException(file.toString());
      }
      target.commit();
    }
  }

  private static DType target(TensorEntry tensor, DType floating) {
    return tensor.dtype().isFloating() ? floating : tensor.dtype();
  }

  private static byte[] header(
      List<TensorEntry> tensors, DType floating, Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long offset = 0;
      for (TensorEntry tensor : tensors) {
        DType type = target(tensor, floating);
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", type.safetensorsName());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.rank());
        long end = offset + tensor.elements() * type.bytes();
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    while (out.size() % ALIGNMENT != 0) {
      out.write(' ');
    }
    return out.toByteArray();
  }
}
