package io.camjar.weights;

import io.camjar.weights.bytes.ByteRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The model in this module's jar: {@code slim34-imagenette}, float16, trained and put there as
 * {@code docs/model} says, with its class names and preprocessing in the header.
 */
final class BuiltinModel {
  private static final String RESOURCE = "slim34-imagenette.safetensors";
  private static final String SOURCE = "built-in";

  private BuiltinModel() {}

  static Checkpoint open() {
    try (InputStream in = BuiltinModel.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("no resource " + RESOURCE);
      }
      return Checkpoints.read(SOURCE, ByteRegion.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of camjar lacks its built-in model", e);
    }
  }
}
