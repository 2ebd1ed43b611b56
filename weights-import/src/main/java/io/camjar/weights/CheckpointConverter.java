package io.camjar.weights;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.ReplacedHead;
import io.camjar.engine.model.family.VisionTransformer;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.Contents;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.KnowledgeText;
import io.camjar.weights.names.MappingRow;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.onnx.write.OnnxWriter;
import io.camjar.weights.safetensors.SafetensorsWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes any readable checkpoint as a safetensors file, or as an ONNX model. */
public final class CheckpointConverter {
  private CheckpointConverter() {}

  /**
   * Writes the tensors that the network computes with, with batch counters if the file has them,
   * and what the file knows about classes and preprocessing. What a file keeps in another form,
   * such as convolutions with a bias or norms folded into them, is written as torchvision has it.
   *
   * <p>Converting the result again, in the same style and type, gives the same bytes. The target
   * appears only when it is whole. Another file of that name is replaced.
   *
   * @throws CheckpointException if the checkpoint is no network that camjar runs, if names do not
   *     tell what its head computes, or a value does not fit the type
   * @throws CamjarException if the target is the checkpoint's own file, or cannot be written
   */
  public static void toSafetensors(
      Checkpoint checkpoint, Path target, NameStyle style, DType floating) {
    toSafetensors(checkpoint, target, style, floating, true);
  }

  /**
   * As {@link #toSafetensors(Checkpoint, Path, NameStyle, DType)}.
   *
   * @param style how the tensors are named
   * @param floating {@code FLOAT32}, {@code FLOAT16} or {@code BFLOAT16}
   * @param overwrite whether a target that holds something else is replaced
   * @throws CheckpointException if the checkpoint is no network that camjar runs, if names do not
   *     tell what its head computes, or a value does not fit the type
   * @throws CamjarException if the target is the checkpoint's own file, whatever links lead to it,
   *     or cannot be written
   */
  public static void toSafetensors(
      Checkpoint checkpoint, Path target, NameStyle style, DType floating, boolean overwrite) {
    toSafetensors(checkpoint, target, style, floating, overwrite, checkpoint.knowledge());
  }

  /**
   * As {@link #toSafetensors(Checkpoint, Path, NameStyle, DType, boolean)}.
   *
   * @param knowledge what the file says about classes, outputs and preprocessing, in place of what
   *     the checkpoint's own file says
   * @throws CheckpointException if the checkpoint is no network that camjar runs, if names do not
   *     tell what its head computes, or a value does not fit the type
   * @throws CamjarException if the target is the checkpoint's own file, or cannot be written
   * @throws IllegalArgumentException if the type is none of float32, float16 and bfloat16
   */
  public static void toSafetensors(
      Checkpoint checkpoint,
      Path target,
      NameStyle style,
      DType floating,
      boolean overwrite,
      Knowledge knowledge) {
    requireAnother(checkpoint, target);
    Checkpoint preview = preview(checkpoint, target, style, knowledge);
    if (floating != DType.FLOAT32 && floating != DType.FLOAT16 && floating != DType.BFLOAT16) {
      throw new IllegalArgumentException(
          "weights are written as float32, float16 or bfloat16, not " + floating.torchName());
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.putAll(KnowledgeText.text(knowledge));
    write(
        checkpoint,
        target,
        () ->
            SafetensorsWriter.write(
                target, overwrite, preview.tensors().entries(), floating, metadata));
  }

  /**
   * What the file that {@link #toSafetensors} writes in float32 will be taken for, before it is
   * written: names decide on a head, and a head on how images are usually prepared.
   *
   * @param knowledge what it will say
   * @throws CheckpointException as {@link #toSafetensors}
   */
  public static Checkpoint preview(
      Checkpoint checkpoint, Path target, NameStyle style, Knowledge knowledge) {
    Checkpoint written =
        checkpoint.writtenAs(
            target.toString(),
            Contents.ofSafetensors(
                StateDict.of(tensors(checkpoint, style)), KnowledgeText.text(knowledge)));
    requireSameHead(checkpoint, written);
    return written;
  }

  /**
   * Whole modules, code and graphs say what stands between the layers of a head; of names alone it
   * is guessed.
   */
  private static void requireSameHead(Checkpoint checkpoint, Checkpoint written) {
    Architecture source = checkpoint.requireArchitecture();
    boolean guessed =
        source instanceof ResNetSpec
            || source instanceof ReplacedHead
            || written
                .architecture()
                .filter(
                    read ->
                        read instanceof ReplacedHead
                            || (read instanceof ResNetSpec resnet
                                && !(resnet.head() instanceof LinearHead)))
                .isPresent();
    boolean resnet =
        written.architecture().filter(ResNetSpec.class::isInstance).isPresent()
            || source instanceof ResNetSpec;
    List<String> read =
        written.architecture().map(network -> HeadSteps.of(network, resnet)).orElse(List.of());
    if (guessed && !read.equals(HeadSteps.of(source, resnet))) {
      throw new CheckpointException(
          checkpoint.source(),
          new Malformed(
              "has a head of which the names in a safetensors file would not tell what stands"
                  + " between its layers",
              "give --to a name that ends in .onnx"));
    }
  }

  /** What the network computes with, and the counters of its norms, by the style's names. */
  private static List<TensorEntry> tensors(Checkpoint checkpoint, NameStyle style) {
    UnaryOperator<String> names = names(checkpoint, style);
    List<TensorEntry> tensors = new ArrayList<>();
    for (TensorEntry tensor : checkpoint.canonical().entries()) {
      tensors.add(tensor.named(names.apply(tensor.name())));
    }
    for (MappingRow row : checkpoint.mapping()) {
      if (row.isCounter() && !row.target().isEmpty() && !row.source().isEmpty()) {
        TensorEntry counter = checkpoint.tensors().find(row.source()).orElseThrow();
        tensors.add(counter.named(names.apply(row.target())));
      }
    }
    return tensors;
  }

  /** A ResNet's names in a style; of other families in the one that their file has. */
  private static UnaryOperator<String> names(Checkpoint checkpoint, NameStyle style) {
    Architecture architecture = checkpoint.requireArchitecture();
    if (architecture instanceof ResNetSpec resnet) {
      return name -> style.of(name, resnet.head());
    }
    if (style == NameStyle.FASTAI) {
      throw new CheckpointException(
          checkpoint.source(),
          new Malformed(
              "holds %s, and fastai's names are written of ResNets alone"
                  .formatted(architecture.name()),
              "leave --names fastai out"));
    }
    Architecture body = architecture instanceof ReplacedHead other ? other.whole() : architecture;
    if (body instanceof VisionTransformer transformer
        && transformer.style().equals("torchvision")) {
      Map<String, String> own = new HashMap<>();
      // What stands in front of each of the network's names, all of it: wrappers' prefixes, too.
      String prefix =
          checkpoint.mapping().stream()
              .filter(row -> row.target().equals("cls_token"))
              .map(MappingRow::source)
              .filter(source -> source.endsWith("class_token"))
              .map(source -> source.substring(0, source.length() - "class_token".length()))
              .findFirst()
              .orElse("");
      for (MappingRow row : checkpoint.mapping()) {
        if (!row.target().isEmpty() && row.source().startsWith(prefix)) {
          own.put(row.target(), row.source().substring(prefix.length()));
        }
      }
      return name -> own.getOrDefault(name, name);
    }
    return name -> name;
  }

  /**
   * Writes the network as an ONNX model, opset 17, float32: its graph as camjar runs it, its
   * weights, and what the file knows about classes and preprocessing. Its output is the logits; of
   * a network with several exits it has one for each, {@code exit.1} and so on.
   *
   * @param overwrite whether a target that holds something else is replaced
   * @throws CheckpointException if the checkpoint is no network that camjar runs, or has an
   *     operation that camjar does not write
   * @throws CamjarException if the target is the checkpoint's own file, or cannot be written
   */
  public static void toOnnx(Checkpoint checkpoint, Path target, boolean overwrite) {
    toOnnx(checkpoint, target, overwrite, checkpoint.knowledge());
  }

  /**
   * As the other.
   *
   * @param knowledge what the model says about classes and preprocessing, in place of what the file
   *     knows: whatever is taken for granted of its architecture is not taken of an ONNX model
   */
  public static void toOnnx(
      Checkpoint checkpoint, Path target, boolean overwrite, Knowledge knowledge) {
    requireAnother(checkpoint, target);
    Architecture architecture = checkpoint.requireArchitecture();
    write(
        checkpoint,
        target,
        () ->
            OnnxWriter.write(
                target,
                overwrite,
                architecture,
                checkpoint.canonical(),
                KnowledgeText.text(knowledge)));
  }

  /**
   * The size of images that the model of {@link #toOnnx} is taken to be meant for: its own where it
   * takes no other, otherwise the usual one, since the model then leaves height and width open.
   *
   * @throws CheckpointException if the checkpoint is no network that camjar runs
   */
  public static InputSize sizeInOnnx(Checkpoint checkpoint) {
    return OnnxWriter.stated(checkpoint.requireArchitecture());
  }

  private interface Writing {
    void write() throws IOException;
  }

  private static void write(Checkpoint checkpoint, Path target, Writing writing) {
    try {
      writing.write();
    } catch (Malformed e) {
      throw new CheckpointException(checkpoint.source(), e);
    } catch (FileAlreadyExistsException e) {
      throw new CamjarException(
          target + " is there already and holds something else; choose another name or --overwrite",
          e);
    } catch (IOException e) {
      throw new CamjarException(
          target + " cannot be written (" + e.getMessage() + "); check the folder and the disk.",
          e);
    }
  }

  /** Nobody means to replace a checkpoint by a part of what it holds. */
  private static void requireAnother(Checkpoint checkpoint, Path target) {
    try {
      if (Files.exists(target) && Files.isSameFile(target, Path.of(checkpoint.source()))) {
        throw new CamjarException(
            "%s is the file that is converted, and would be lost; choose another name"
                .formatted(target));
      }
    } catch (InvalidPathException | IOException e) {
      // A checkpoint that is in no file, as the built-in one: nothing to lose.
      return;
    }
  }
}
