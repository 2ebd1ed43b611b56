package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.InputFiles;
import io.camjar.weights.bytes.Malformed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files next to a model in which its larger tensors lie (ONNX's ExternalData.md).
 *
 * <p>A location is relative to the model's folder and never leads out of it, not through a link
 * either.
 */
public final class ExternalData {
  private static final int MAX_FILES = 10_000;

  private final @org.jspecify.annotations.Nullable Path folder;
  private final Map<String, ByteRegion> opened = new HashMap<>();

  private ExternalData(@org.jspecify.annotations.Nullable Path folder) {
    this.folder = folder;
  }

  /** The files in the folder of that model. */
  public static ExternalData beside(Path model) {
    Path parent = model.toAbsolutePath().getParent();
    return new ExternalData(parent);
  }

  /** None, for a model that is not a file. */
  public static ExternalData none() {
    return new ExternalData(null);
  }

  /**
   * The bytes of a location.
   *
   * @throws Malformed if it leads out of the folder, does not exist or cannot be read
   */
  ByteRegion open(String location) {
    ByteRegion known = opened.get(location);
    if (known != null) {
      return known;
    }
    if (folder == null) {
      throw new Malformed(
          "keeps tensors in the file '" + location + "', and only the model's bytes are here",
          "open the model by its path");
    }
    if (opened.size() >= MAX_FILES) {
      throw Malformed.damaged("it keeps tensors in more than " + MAX_FILES + " files");
    }
    ByteRegion region = InputFiles.map(inside(folder, location));
    opened.put(location, region);
    return region;
  }

  private static Path inside(Path folder, String location) {
    try {
      Path relative = Path.of(location);
      Path file = folder.resolve(relative).normalize();
      boolean leadsOut =
          location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder.normalize());
      if (!leadsOut && !Files.exists(file)) {
        throw new Malformed(
            "keeps tensors in the file '" + location + "', which is not in its folder",
            "put that file next to the model");
      }
      if (leadsOut || !file.toRealPath().startsWith(folder.toRealPath())) {
        throw new Malformed(
            "keeps tensors in '" + location + "', which leads out of its folder",
            "use the file only if you trust its maker, and save it with its data next to it");
      }
      return file;
    } catch (InvalidPathException | IOException e) {
      throw new Malformed(
          "keeps tensors in '" + location + "', which cannot be opened",
          "put that file next to the model",
          e);
    }
  }
}
