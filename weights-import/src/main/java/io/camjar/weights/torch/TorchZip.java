package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.Constructors;
import io.camjar.weights.pickle.PersistentLoader;
import io.camjar.weights.pickle.PickleCursor;
import io.camjar.weights.pickle.PickleLimits;
import io.camjar.weights.pickle.PickleMachine;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.torch.script.ScriptForward;
import io.camjar.weights.zip.ZipArchive;
import io.camjar.weights.zip.ZipMember;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The zip layout of {@code torch.save} since 1.6 and of TorchScript: {@code <stem>/data.pkl} next
 * to one member {@code <stem>/data/<key>} for each storage.
 */
public final class TorchZip {
  private static final String PICKLE = "data.pkl";
  private static final int MAX_CODE = 4 << 20;

  private TorchZip() {}

  /** The folder that holds {@code data.pkl}, with its slash, if the archive has exactly one. */
  public static Optional<String> folder(ZipArchive zip) {
    List<String> folders =
        zip.members().stream()
            .map(ZipMember::name)
            .filter(name -> name.endsWith("/" + PICKLE))
            .map(name -> name.substring(0, name.length() - PICKLE.length()))
            .filter(folder -> folder.indexOf('/') == folder.length() - 1)
            .toList();
    return folders.size() == 1 ? Optional.of(folders.get(0)) : Optional.empty();
  }

  /** Whether it is a TorchScript archive: a program next to its parameters. */
  public static boolean isScript(ZipArchive zip, String folder) {
    return zip.find(folder + "constants.pkl").isPresent()
        || zip.members().stream().anyMatch(member -> member.name().startsWith(folder + "code/"));
  }

  /** What the code of a script computes; empty if it has none. */
  public static Optional<ScriptForward> forward(ZipArchive zip, String folder, Object root) {
    if (!(root instanceof PyObject module) || !ModuleWalker.isScript(module)) {
      return Optional.empty();
    }
    return ScriptForward.of(
        module,
        path ->
            zip.find(folder + "code/" + path)
                .map(zip::read)
                .map(code -> code.utf8(0, (int) Math.min(code.size(), MAX_CODE))),
        TorchTensor.class::isInstance);
  }

  /**
   * A frozen script keeps its weights as constants of its code, folded into other numbers and
   * without their names.
   *
   * @throws Malformed if this is one
   */
  public static void refuseFrozen(ZipArchive zip, String folder, Object root) {
    if (root instanceof PyObject module
        && ModuleWalker.isScript(module)
        && ModuleWalker.candidate(module, List.of()).tensors() == 0
        && zip.members().stream().anyMatch(m -> m.name().startsWith(folder + "constants/"))) {
      throw new Malformed(
          "is a TorchScript archive that torch.jit.freeze made: its weights are nameless constants"
              + " of its code",
          "save the script before torch.jit.freeze, or the model's state_dict");
    }
  }

  /** Reads the object that was saved. */
  public static Unpickled read(ZipArchive zip, String folder) {
    ByteOrder order = byteOrder(zip, folder);
    Constructors constructors = TensorRebuilders.allowList();
    Map<String, ByteRegion> read = new HashMap<>();
    Map<List<Object>, TorchStorage> known = new HashMap<>();
    PersistentLoader storages = id -> storage(id, order, zip, folder, read, known);
    ByteRegion pickle = member(zip, folder + PICKLE);
    PickleLimits limits = new PickleLimits();
    Object root =
        new PickleMachine(constructors, storages, limits).load(new PickleCursor(pickle, 0));
    return new Unpickled(root, constructors.inert());
  }

  private static TorchStorage storage(
      Object id,
      ByteOrder order,
      ZipArchive zip,
      String folder,
      Map<String, ByteRegion> read,
      Map<List<Object>, TorchStorage> known) {
    if (!(id instanceof PyTuple tuple)
        || !"storage".equals(tuple.get(0))
        || !(tuple.get(2) instanceof String key)
        || !(tuple.get(4) instanceof Long elements)) {
      throw Malformed.damaged("its pickle refers to data in an unknown way");
    }
    String name = folder + "data/" + key;
    StorageType type = StorageType.ofStorageClass(tuple.get(1));
    // One object a storage: tensors that look at the same numbers are told by it.
    return known.computeIfAbsent(
        List.of(key, type, elements),
        k ->
            new TorchStorage(
                key,
                type,
                elements,
                order,
                () -> read.computeIfAbsent(name, missing -> member(zip, missing))));
  }

  private static ByteRegion member(ZipArchive zip, String name) {
    return zip.read(
        zip.find(name)
            .orElseThrow(() -> Malformed.damaged("the archive lacks its member '" + name + "'")));
  }

  private static ByteOrder byteOrder(ZipArchive zip, String folder) {
    Optional<ZipMember> record = zip.find(folder + "byteorder");
    if (record.isEmpty()) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    ByteRegion bytes = zip.read(record.get());
    return switch (bytes.utf8(0, (int) Math.min(bytes.size(), 16)).strip()) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw Malformed.damaged("its byteorder record is neither little nor big");
    };
  }
}
