package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A weights file and what belongs to it, read on the driver to be broadcast: executors need no
 * common file system. Without a file, the built-in model.
 *
 * @param files the weights first, then small files next to it that say how it is to be used
 * @param sha256 of the names and contents of all files; {@code builtin} without
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ShippedWeights(List<Shipped> files, String sha256) implements Serializable {
  static final ShippedWeights BUILTIN = new ShippedWeights(List.of(), "builtin");

  /** What Hugging Face's files next to weights are called; camjar reads labels and sizes there. */
  private static final List<String> COMPANIONS =
      List.of("config.json", "preprocessor_config.json", "pretrained_cfg.json");

  /** A broadcast array cannot be longer, and neither can a Java array. */
  private static final long MOST = Integer.MAX_VALUE - 64;

  record Shipped(String name, byte[] content) implements Serializable {}

  /**
   * Reads the file.
   *
   * @param path on the driver; empty for the built-in model
   * @throws CamjarException if it cannot be read
   */
  static ShippedWeights read(String path) {
    if (path.isEmpty()) {
      return BUILTIN;
    }
    Path file = Path.of(path);
    List<Shipped> files = new ArrayList<>();
    files.add(shipped(file));
    for (String name : COMPANIONS) {
      Path companion = file.resolveSibling(name);
      if (Files.isRegularFile(companion) && !companion.equals(file)) {
        files.add(shipped(companion));
      }
    }
    return new ShippedWeights(List.copyOf(files), checksum(files));
  }

  private static Shipped shipped(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new CamjarException(
            "%s is not a file; name a weights file on the machine of the driver".formatted(file));
      }
      long size = Files.size(file);
      if (size > MOST) {
        throw new CamjarException(
            "%s has %d bytes, but no more than %d can be broadcast; convert it with camjar convert"
                .formatted(file, size, MOST));
      }
      return new Shipped(String.valueOf(file.getFileName()), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CamjarException(file + " could not be read: " + e.getMessage(), e);
    }
  }

  private static String checksum(List<Shipped> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Shipped file : files) {
        digest.update(file.name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(file.content);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new CamjarException("this Java has no SHA-256", e);
    }
  }

  /**
   * Writes the files into a folder.
   *
   * @return the weights file
   * @throws CamjarException if what has arrived is not what was sent, or cannot be written
   */
  Path unpack(Path folder) {
    if (!checksum(files).equals(sha256)) {
      throw new CamjarException(
          "the weights have not arrived as they were sent: their checksum is not " + sha256);
    }
    try {
      for (Shipped file : files) {
        Files.write(folder.resolve(file.name), file.content);
      }
    } catch (IOException e) {
      throw new CamjarException("the weights could not be written to " + folder, e);
    }
    return folder.resolve(files.get(0).name);
  }
}
