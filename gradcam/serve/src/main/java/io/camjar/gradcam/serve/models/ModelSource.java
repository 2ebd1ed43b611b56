package io.camjar.gradcam.serve.models;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from.
 *
 * @param name what it is called in addresses: letters, digits, {@code . _ -}
 * @param file the weights, which are loaded again when they change; null where there is no file
 * @param loader loads it, the first time and again
 */
public record ModelSource(String name, @Nullable Path file, Loader loader) {
  /** What the model that camjar brings along is called. */
  public static final String BUILTIN = "built-in";

  /** Loads a model. */
  @FunctionalInterface
  public interface Loader {
    /**
     * Builds the network.
     *
     * @throws CamjarException if the file cannot be used
     */
    ServedModel load();
  }

  /** Refuses names that an address could not hold. */
  public ModelSource {
    if (!name.equals(nameOf(name)) || name.isEmpty()) {
      throw new CamjarException(
          "a model cannot be called '%s'; names have letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
  }

  /** The model of a weights file, called like the file without its ending. */
  public static ModelSource of(Path file) {
    return of(nameOf(file), file);
  }

  /** The model of a weights file. */
  public static ModelSource of(String name, Path file) {
    return new ModelSource(name, file, () -> load(Checkpoints.open(file)));
  }

  /** The model that camjar brings along. */
  public static ModelSource builtin() {
    return new ModelSource(BUILTIN, null, () -> load(Checkpoints.builtin()));
  }

  private static ServedModel load(Checkpoint checkpoint) {
    Network network = checkpoint.network();
    return new ServedModel(network, Explainer.of(network, checkpoint));
  }

  /** What a model of that file is called: the file's name without its ending. */
  public static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return nameOf(dot > 0 ? name.substring(0, dot) : name);
  }

  private static String nameOf(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
  }
}
