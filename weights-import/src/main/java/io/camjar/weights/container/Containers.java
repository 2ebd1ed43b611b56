package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.npy.Npz;
import io.camjar.weights.onnx.ExternalData;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.safetensors.Safetensors;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.torch.ModelFinder;
import io.camjar.weights.torch.SavedModel;
import io.camjar.weights.torch.TorchLegacy;
import io.camjar.weights.torch.TorchTar;
import io.camjar.weights.torch.TorchZip;
import io.camjar.weights.torch.Unpickled;
import io.camjar.weights.zip.ZipArchive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Recognises a file by its content, never by its name, and reads it. */
public final class Containers {
  private static final String REMEDY =
      "give a file that torch.save, fastai, timm or safetensors wrote";

  private Containers() {}

  /**
   * Reads what a file holds.
   *
   * @param external opens the files beside it, where its format keeps tensors in other files
   * @throws Malformed if it is none of the known kinds, or a broken one
   */
  public static Contents read(ByteRegion file, ExternalData external) {
    Contents contents = recognise(file, external);
    Claims.check(contents.tensors(), file.size());
    return contents;
  }

  private static Contents recognise(ByteRegion file, ExternalData external) {
    if (file.size() == 0) {
      throw new Malformed("is empty", "copy or download it again");
    }
    if (ZipArchive.looksLike(file)) {
      return zip(ZipArchive.open(file));
    }
    if (Safetensors.looksLike(file)) {
      Safetensors read = Safetensors.read(file);
      return plain(CheckpointFormat.SAFETENSORS, read.tensors(), KnowledgeText.of(read.metadata()));
    }
    if (TorchTar.looksLike(file)) {
      return contents(CheckpointFormat.TORCH_TAR, TorchTar.read(file));
    }
    if (Beginnings.isPickle(file)) {
      TorchLegacy.Read read = TorchLegacy.read(file);
      CheckpointFormat format =
          read.stream() ? CheckpointFormat.TORCH_LEGACY : CheckpointFormat.PICKLE;
      return contents(format, read.unpickled());
    }
    if (OnnxModel.looksLike(file)) {
      return onnx(OnnxModel.read(file, external));
    }
    throw new Malformed("is not a checkpoint: it begins with " + Beginnings.describe(file), REMEDY);
  }

  private static Contents zip(ZipArchive zip) {
    Optional<String> folder = TorchZip.folder(zip);
    if (folder.isPresent()) {
      CheckpointFormat format =
          TorchZip.isScript(zip, folder.get())
              ? CheckpointFormat.TORCH_SCRIPT
              : CheckpointFormat.TORCH_ZIP;
      return contents(format, TorchZip.read(zip, folder.get()));
    }
    if (Npz.isOne(zip)) {
      return plain(CheckpointFormat.NPZ, Npz.read(zip), Knowledge.NONE);
    }
    throw new Malformed("is a zip archive, but not a checkpoint: it has no data.pkl", REMEDY);
  }

  private static Contents contents(CheckpointFormat format, Unpickled unpickled) {
    SavedModel model = ModelFinder.find(unpickled.root());
    return new Contents(
        format,
        model.tensors(),
        model.wrappers(),
        model.classes(),
        KnowledgeFinder.find(unpickled.root(), model.tensors()),
        unpickled.inert(),
        Optional.empty());
  }

  private static Contents onnx(OnnxModel model) {
    return new Contents(
        CheckpointFormat.ONNX,
        model.graph().initializers(),
        List.of(),
        Map.of(),
        KnowledgeText.of(model.metadata()),
        Set.of(),
        Optional.of(model));
  }

  private static Contents plain(CheckpointFormat format, StateDict tensors, Knowledge knowledge) {
    return new Contents(
        format, tensors, List.of(), Map.of(), knowledge, Set.of(), Optional.empty());
  }
}
