package io.camjar.gradcam.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/** How records become JSON. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Indented for readers, components in their order. */
  static ObjectWriter writer() {
    return MAPPER.writerWithDefaultPrettyPrinter();
  }
}
