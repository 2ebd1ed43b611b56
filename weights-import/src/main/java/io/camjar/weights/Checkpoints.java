package io.camjar.weights;

import io.camjar.engine.model.Network;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.InputFiles;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.Containers;
import io.camjar.weights.container.ShardedFiles;
import io.camjar.weights.onnx.ExternalData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens weights files of PyTorch, torchvision, timm and fastai.
 *
 * <p>A file is recognised by its content and read as data: nothing in it is executed. The file is
 * mapped, not copied: while its {@link Checkpoint} or a network of it is in use it may be removed
 * or replaced by another of its name, but must not be written to.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /**
   * Opens a file and builds its network.
   *
   * @throws CheckpointException if the file cannot be used; the message says what to do
   */
  public static Network load(Path file) {
    return open(file).network();
  }

  /**
   * Opens a file, or the files of a model that was saved in shards by their index or their folder:
   * finds its tensors and recognises its architecture, but builds nothing yet.
   *
   * <p>A file whose tensors are readable but are no network that camjar runs opens too; {@link
   * Checkpoint#problem()} says why {@link Checkpoint#network()} would fail.
   *
   * @throws CheckpointException if the file is missing, damaged or no checkpoint
   */
  public static Checkpoint open(Path file) {
    return open(file, null);
  }

  /**
   * As {@link #open(Path)} for a file that holds several networks.
   *
   * @param key which: the keys that lead to it joined by dots, or what its tensors' names begin
   *     with; null to go by the rule of {@link Checkpoint#choice()}
   * @throws CheckpointException also if nothing lies under the key
   */
  public static Checkpoint open(Path file, @Nullable String key) {
    return open(file, key, false);
  }

  /**
   * The same for who wants {@link Checkpoint#sha256()} in any case: another thread computes it
   * while this one reads the file.
   */
  public static Checkpoint openHashing(Path file, @Nullable String key) {
    return open(file, key, true);
  }

  private static Checkpoint open(Path file, @Nullable String key, boolean hashing) {
    try {
      Path found = Files.isDirectory(file) ? ShardedFiles.inFolder(file) : file;
      ByteRegion bytes = InputFiles.map(found);
      Optional<ShardedFiles.Read> shards = ShardedFiles.read(found, bytes);
      List<ByteRegion> files = shards.map(ShardedFiles.Read::files).orElse(List.of(bytes));
      Checksum checksum = new Checksum(files);
      if (hashing) {
        checksum.start();
      }
      return new Checkpoint(
          file.toString(),
          files,
          shards.isPresent()
              ? shards.get().contents().below(key)
              : Containers.read(bytes, ExternalData.beside(found), key),
          checksum);
    } catch (Malformed e) {
      throw new CheckpointException(file.toString(), e);
    }
  }

  /**
   * The model that camjar brings along: a ResNet-34 of base width 32 trained on the ten classes of
   * Imagenette.
   */
  public static Checkpoint builtin() {
    return BuiltinModel.open();
  }

  static Checkpoint read(String source, ByteRegion bytes) {
    List<ByteRegion> files = List.of(bytes);
    return new Checkpoint(
        source, files, Containers.read(bytes, ExternalData.none(), null), new Checksum(files));
  }
}
