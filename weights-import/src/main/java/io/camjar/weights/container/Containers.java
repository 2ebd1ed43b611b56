package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.npy.Npy;
import io.camjar.weights.npy.Npz;
import io.camjar.weights.onnx.ExternalData;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.safetensors.Safetensors;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.torch.KeyChoice;
import io.camjar.weights.torch.ModelFinder;
import io.camjar.weights.torch.SavedModel;
import io.camjar.weights.torch.TensorValues;
import io.camjar.weights.torch.TorchLegacy;
import io.camjar.weights.torch.TorchTar;
import io.camjar.weights.torch.TorchZip;
import io.camjar.weights.torch.Unpickled;
import io.camjar.weights.zip.ZipArchive;
import io.camjar.weights.zip.ZipMember;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Recognises a file by its content, never by its name, and reads it. */
public final class Containers {
  private static final String REMEDY =
      "give weights that PyTorch, fastai, timm, safetensors or NumPy wrote, or an ONNX model";

  private static final int MAX_SHOWN = 200;

  private Containers() {}

  /**
   * Reads what a file holds.
   *
   * @param external opens the files next to it, where its format keeps tensors in other files
   * @param key which network of several is wanted, as {@link ModelFinder#find} takes it; or null
   * @throws Malformed if it is none of the known kinds, or a broken one
   */
  public static Contents read(ByteRegion file, ExternalData external, @Nullable String key) {
    Contents contents = recognise(file, external, key);
    Claims.check(contents.tensors(), file.size());
    return contents;
  }

  private static Contents recognise(ByteRegion file, ExternalData external, @Nullable String key) {
    if (file.size() == 0) {
      throw new Malformed("is empty", "copy or download it again");
    }
    if (ZipArchive.looksLike(file)) {
      return zip(ZipArchive.open(file), key);
    }
    if (Safetensors.looksLike(file)) {
      Safetensors read = Safetensors.read(file);
      return plain(
          CheckpointFormat.SAFETENSORS, read.tensors(), key, KnowledgeText.of(read.metadata()));
    }
    if (TorchTar.looksLike(file)) {
      return contents(CheckpointFormat.TORCH_TAR, TorchTar.read(file), key);
    }
    if (Beginnings.isPickle(file)) {
      TorchLegacy.Read read = TorchLegacy.read(file);
      CheckpointFormat format =
          read.stream() ? CheckpointFormat.TORCH_LEGACY : CheckpointFormat.PICKLE;
      return contents(format, read.unpickled(), key);
    }
    Optional<ByteRegion> objects = Npy.pickle(file);
    if (objects.isPresent()) {
      return contents(CheckpointFormat.PICKLE, TorchLegacy.objects(objects.get()), key);
    }
    Optional<Malformed> other = OtherFormats.refusal(file);
    if (other.isPresent()) {
      throw other.get();
    }
    if (OnnxModel.looksLike(file)) {
      if (key != null) {
        throw new Malformed("is an ONNX model, one network without keys", "leave --key out");
      }
      return onnx(OnnxModel.read(file, external));
    }
    throw new Malformed("is not a checkpoint: it begins with " + Beginnings.describe(file), REMEDY);
  }

  private static Contents zip(ZipArchive zip, @Nullable String key) {
    Optional<String> folder = TorchZip.folder(zip);
    if (folder.isPresent()) {
      CheckpointFormat format =
          TorchZip.isScript(zip, folder.get())
              ? CheckpointFormat.TORCH_SCRIPT
              : CheckpointFormat.TORCH_ZIP;
      Unpickled unpickled = TorchZip.read(zip, folder.get());
      TorchZip.refuseFrozen(zip, folder.get(), unpickled.root());
      return contents(format, unpickled, key)
          .withForward(TorchZip.forward(zip, folder.get(), unpickled.root()));
    }
    if (Npz.isOne(zip)) {
      return npz(Npz.read(zip), key);
    }
    if (zip.members().stream().anyMatch(member -> member.name().endsWith(".weights.h5"))) {
      throw new Malformed("is a Keras model, not a checkpoint", OtherFormats.TENSORFLOW);
    }
    Optional<String> inside =
        zip.members().stream()
            .map(ZipMember::name)
            .filter(name -> name.matches("(?i).*\\.(pth|pt|ckpt|pkl|bin|safetensors|onnx|npz|tar)"))
            .findFirst();
    if (inside.isPresent() && inside.get().length() <= MAX_SHOWN) {
      throw new Malformed(
          "is a zip archive around '" + inside.get() + "', not a checkpoint",
          "unpack it and give that file");
    }
    throw new Malformed("is a zip archive, but not a checkpoint: it has no data.pkl", REMEDY);
  }

  /** Arrays, and what other members say of them; or the network that one of those holds. */
  private static Contents npz(Npz npz, @Nullable String key) {
    PyDict others = new PyDict();
    Set<String> inert = new TreeSet<>();
    npz.texts()
        .forEach(
            (name, texts) -> {
              PyList list = new PyList();
              list.items().addAll(texts);
              others.put(name, list);
            });
    npz.pickles()
        .forEach(
            (name, pickle) -> {
              Unpickled read = TorchLegacy.objects(pickle);
              List<Object> texts = TensorValues.texts(read.root());
              PyList list = new PyList();
              list.items().addAll(texts);
              others.put(name, texts.isEmpty() ? read.root() : list);
              inert.addAll(read.inert());
            });
    boolean network = npz.arrays().entries().stream().anyMatch(array -> array.rank() == 4);
    if (!network && !npz.pickles().isEmpty()) {
      return contents(CheckpointFormat.NPZ, new Unpickled(others, inert), key);
    }
    return plain(
        CheckpointFormat.NPZ, npz.arrays(), key, KnowledgeFinder.find(others, npz.arrays()));
  }

  private static Contents contents(
      CheckpointFormat format, Unpickled unpickled, @Nullable String key) {
    SavedModel model = ModelFinder.find(unpickled.root(), key);
    return new Contents(
        format,
        model.tensors(),
        model.choice(),
        model.modules(),
        KnowledgeFinder.find(unpickled.root(), model.tensors()),
        unpickled.inert(),
        Optional.empty(),
        Optional.empty());
  }

  private static Contents onnx(OnnxModel model) {
    return new Contents(
        CheckpointFormat.ONNX,
        model.graph().tensors(),
        KeyChoice.only(List.of()),
        Map.of(),
        KnowledgeText.of(model.metadata()),
        Set.of(),
        Optional.of(model),
        Optional.empty());
  }

  /** What the text does not say, a tensor's name may. */
  private static Knowledge withOutputs(Knowledge knowledge, StateDict tensors) {
    OutputsFinder finder = new OutputsFinder();
    finder.see(tensors);
    return knowledge.outputs().isPresent() ? knowledge : knowledge.withOutputs(finder.outputs());
  }

  static Contents plain(
      CheckpointFormat format, StateDict all, @Nullable String key, Knowledge knowledge) {
    SavedModel model = ModelFinder.below(all, key);
    return new Contents(
        format,
        model.tensors(),
        model.choice(),
        model.modules(),
        withOutputs(knowledge, all),
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }
}
