package io.camjar.weights;

import io.camjar.engine.model.Network;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.InputFiles;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.Containers;
import io.camjar.weights.onnx.ExternalData;
import java.nio.file.Path;

/**
 * Opens weights files of PyTorch, torchvision, timm and fastai.
 *
 * <p>A file is recognised by its content and read as data: nothing in it is executed. The file is
 * mapped, not copied, and must not change while its {@link Checkpoint} is in use.
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
   * Opens a file: finds its tensors and recognises its architecture, but builds nothing yet.
   *
   * <p>A file whose tensors are readable but are no ResNet that camjar runs opens too; {@link
   * Checkpoint#problem()} says why {@link Checkpoint#network()} would fail.
   *
   * @throws CheckpointException if the file is missing, damaged or no checkpoint
   */
  public static Checkpoint open(Path file) {
    try {
      ByteRegion bytes = InputFiles.map(file);
      return new Checkpoint(
          file.toString(), bytes, Containers.read(bytes, ExternalData.beside(file)));
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
    return new Checkpoint(source, bytes, Containers.read(bytes, ExternalData.none()));
  }
}
