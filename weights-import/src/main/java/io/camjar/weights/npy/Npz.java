package io.camjar.weights.npy;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.zip.ZipArchive;
import io.camjar.weights.zip.ZipMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NumPy's {@code .npz}: a zip archive of {@code .npy} members, stored or compressed.
 *
 * @param arrays those of numbers, under their members' names without {@code .npy}
 * @param texts those of text, class names for example
 * @param pickles those of Python objects, as pickles
 */
public record Npz(
    StateDict arrays, Map<String, List<String>> texts, Map<String, ByteRegion> pickles) {
  private static final String SUFFIX = ".npy";

  /** Each may take as much memory as a whole file. */
  private static final int MAX_PICKLES = 16;

  /** Whether every member is an array. */
  public static boolean isOne(ZipArchive zip) {
    return !zip.members().isEmpty()
        && zip.members().stream().allMatch(member -> member.name().endsWith(SUFFIX));
  }

  /**
   * Reads all members.
   *
   * @throws Malformed if one is damaged or of a type that camjar does not read
   */
  public static Npz read(ZipArchive zip) {
    List<TensorEntry> arrays = new ArrayList<>();
    Map<String, List<String>> texts = new LinkedHashMap<>();
    Map<String, ByteRegion> pickles = new LinkedHashMap<>();
    for (ZipMember member : zip.members()) {
      String name = member.name().substring(0, member.name().length() - SUFFIX.length());
      ByteRegion content = zip.read(member);
      Optional<ByteRegion> pickle = Npy.pickle(content);
      List<String> words = Npy.texts(content);
      if (pickle.isPresent()) {
        if (pickles.size() == MAX_PICKLES) {
          throw new Malformed(
              "has more than " + MAX_PICKLES + " arrays of Python objects",
              "save its arrays as float32 with numpy.savez");
        }
        pickles.put(name, pickle.get());
      } else if (!words.isEmpty()) {
        texts.put(name, words);
      } else {
        arrays.add(Npy.read(name, content));
      }
    }
    return new Npz(StateDict.of(arrays), texts, pickles);
  }
}
