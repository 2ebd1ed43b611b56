package io.camjar.engine.model.family;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/** What the golden files have of names and shapes: SHA-256 of the sorted lines of all tensors. */
final class TensorHash {
  private TensorHash() {}

  static String of(Map<String, long[]> shapes) throws NoSuchAlgorithmException {
    String lines =
        shapes.entrySet().stream()
            .map(e -> e.getKey() + " " + Arrays.toString(e.getValue()))
            .sorted()
            .collect(Collectors.joining("\n"));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }
}
