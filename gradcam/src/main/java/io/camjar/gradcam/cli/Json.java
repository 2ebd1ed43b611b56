package io.camjar.gradcam.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** How records become JSON. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Indented for readers, components in their order. */
  static ObjectWriter writer() {
    return MAPPER.writerWithDefaultPrettyPrinter();
  }

  /** A number that JSON can hold, or null: it knows neither NaN nor infinity. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** A record as a file's content. */
  static byte[] bytes(Object record) {
    try {
      return writer().writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // records of plain values always can be written
    }
  }
}
