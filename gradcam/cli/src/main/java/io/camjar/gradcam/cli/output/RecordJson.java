package io.camjar.gradcam.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.UncheckedIOException;

/** How records become JSON. */
public final class RecordJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecordJson() {}

  /** Indented for readers, components in their order. */
  public static ObjectWriter writer() {
    return MAPPER.writerWithDefaultPrettyPrinter();
  }

  /** A record as a file's content. */
  public static byte[] bytes(Object record) {
    try {
      return writer().writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // records of plain values always can be written
    }
  }
}
