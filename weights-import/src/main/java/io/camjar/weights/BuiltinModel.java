package io.camjar.weights;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.container.Containers;
import io.camjar.weights.container.Contents;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.Knowledge.Normalization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The model in this module's jar: {@code slim34-imagenette}, float16, written by {@code
 * src/test/python/make_builtin.py}.
 */
final class BuiltinModel {
  private static final String RESOURCE = "slim34-imagenette.safetensors";
  private static final String SOURCE = "built-in";

  private static final Knowledge KNOWLEDGE =
      new Knowledge(
          List.of(
              "tench",
              "English springer",
              "cassette player",
              "chain saw",
              "church",
              "French horn",
              "garbage truck",
              "gas pump",
              "golf ball",
              "parachute"),
          Optional.of(
              new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225))),
          OptionalInt.of(224),
          OptionalLong.of(38));

  private BuiltinModel() {}

  static Checkpoint open() {
    try (InputStream in = BuiltinModel.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the resource is missing");
      }
      ByteRegion bytes = ByteRegion.wrap(in.readAllBytes());
      Contents read = Containers.read(bytes);
      Contents known =
          new Contents(
              read.format(),
              read.tensors(),
              read.wrappers(),
              read.classes(),
              KNOWLEDGE,
              read.inert());
      return new Checkpoint(SOURCE, bytes, known);
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of camjar lacks its built-in model", e);
    }
  }
}
