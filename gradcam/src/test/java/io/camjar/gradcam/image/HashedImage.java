package io.camjar.gradcam.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Images from an integer hash, the same as in resize.py, and the files it wrote about them. */
public final class HashedImage {
  private HashedImage() {}

  public static RgbImage of(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int mixed = x * 73856093 ^ y * 19349663 ^ c * 83492791;
          rgb[at++] = (byte) (mixed * 0x9E3779B1 >>> 24);
        }
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  public static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] resource(String path) {
    try (InputStream in = HashedImage.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<String> lines(String path) {
    return new String(resource(path), StandardCharsets.UTF_8).lines().toList();
  }
}
