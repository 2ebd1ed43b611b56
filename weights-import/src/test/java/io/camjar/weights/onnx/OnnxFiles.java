package io.camjar.weights.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.weights.bytes.ByteRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that {@code make_onnx.py} wrote, and what the onnx package reads in them. */
final class OnnxFiles {
  private OnnxFiles() {}

  static Path path(String name) {
    try {
      return Path.of(OnnxFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OnnxModel read(String name) {
    return OnnxModel.read(ByteRegion.wrap(bytes(name)), ExternalData.beside(path(name)));
  }

  static JsonNode expected(String name) {
    try {
      return new ObjectMapper().readTree(bytes("expected.json")).get(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
