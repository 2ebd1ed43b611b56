package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.InputFiles;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.ExternalData;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models that were saved in several files, found by their index or by its folder. */
public final class ShardedFiles {
  private static final int MAX_SHARDS = 1_000;

  /** What stands for a model in a folder of Hugging Face's, the best first. */
  private static final List<String> IN_FOLDER =
      List.of(
          "model.safetensors.index.json",
          "pytorch_model.bin.index.json",
          "model.safetensors",
          "pytorch_model.bin");

  /** {@code model-00001-of-00003.safetensors}, as Hugging Face's libraries call shards. */
  private static final Pattern SHARD =
      Pattern.compile(".*-\\d{5}-of-0*([2-9]|[1-9]\\d+)\\.(?:safetensors|bin)");

  private ShardedFiles() {}

  /**
   * What is read, with every file that it lies in.
   *
   * @param files the index, then its shards in the order of their names
   */
  public record Read(Contents contents, List<ByteRegion> files) {}

  /**
   * The file that stands for a folder: an index, or the weights themselves.
   *
   * @throws Malformed if the folder has none
   */
  public static Path inFolder(Path folder) {
    for (String name : IN_FOLDER) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    if (Files.isRegularFile(folder.resolve("adapter_config.json"))) {
      throw new Malformed(
          "is the folder of an adapter (adapter_config.json), which is a change to a network and"
              + " not one",
          "merge it into its network with PEFT's merge_and_unload() and save that");
    }
    throw new Malformed(
        "is a folder, and has none of " + String.join(", ", IN_FOLDER),
        "give the weights file in it");
  }

  /** Why a file that is no network alone is none: by its name it is one shard of several. */
  public static Optional<Malformed> alone(String source) {
    Matcher shard = SHARD.matcher(source);
    return shard.matches()
        ? Optional.of(
            new Malformed(
                "is one of the " + shard.group(1) + " files of a model, and no network alone",
                "give the model's index (.index.json) or its folder"))
        : Optional.empty();
  }

  /** Reads the shards of an index; empty if the file is no index. */
  public static Optional<Read> read(Path index, ByteRegion bytes) {
    if (!ShardIndex.looksLike(bytes)) {
      return Optional.empty();
    }
    Map<String, String> places = ShardIndex.read(bytes).files();
    Map<String, StateDict> shards = new TreeMap<>();
    places.values().forEach(shard -> shards.put(shard, StateDict.of(List.of())));
    if (shards.size() > MAX_SHARDS) {
      throw Malformed.damaged("it names " + shards.size() + " shards");
    }
    List<ByteRegion> files = new ArrayList<>(List.of(bytes));
    Contents first = null;
    for (String shard : List.copyOf(shards.keySet())) {
      ByteRegion region = map(index, shard);
      Contents contents = contents(shard, region);
      first = first == null ? contents : first;
      shards.put(shard, contents.tensors());
      files.add(region);
    }
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    places.forEach(
        (name, shard) ->
            tensors.put(
                name,
                shards
                    .get(shard)
                    .find(name)
                    .orElseThrow(
                        () ->
                            new Malformed(
                                "says that '" + name + "' lies in '" + shard + "', which lacks it",
                                "download the index and its shards from one place"))));
    Contents whole = java.util.Objects.requireNonNull(first);
    return Optional.of(new Read(whole.withTensors(StateDict.of(tensors.values())), files));
  }

  private static ByteRegion map(Path index, String shard) {
    Path file = index.resolveSibling(shard);
    if (!Files.exists(file)) {
      throw new Malformed(
          "needs the shard '" + shard + "', which is not next to it",
          "put the shard into its folder");
    }
    try {
      return InputFiles.map(file);
    } catch (Malformed e) {
      throw inShard(shard, e);
    }
  }

  private static Contents contents(String shard, ByteRegion region) {
    try {
      return Containers.read(region, ExternalData.none(), null);
    } catch (Malformed e) {
      throw inShard(shard, e);
    }
  }

  private static Malformed inShard(String shard, Malformed e) {
    return new Malformed("has the shard '" + shard + "', which " + e.getMessage(), e.remedy(), e);
  }
}
