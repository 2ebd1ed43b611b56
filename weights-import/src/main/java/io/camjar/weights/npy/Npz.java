package io.camjar.weights.npy;

import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.zip.ZipArchive;
import io.camjar.weights.zip.ZipMember;
import java.util.ArrayList;
import java.util.List;

/** NumPy's {@code .npz}: a zip archive of {@code .npy} members, stored or compressed. */
public final class Npz {
  private static final String SUFFIX = ".npy";

  private Npz() {}

  /** Whether every member is an array. */
  public static boolean isOne(ZipArchive zip) {
    return !zip.members().isEmpty()
        && zip.members().stream().allMatch(member -> member.name().endsWith(SUFFIX));
  }

  /** The arrays under their members' names without {@code .npy}. */
  public static StateDict read(ZipArchive zip) {
    List<TensorEntry> arrays = new ArrayList<>();
    for (ZipMember member : zip.members()) {
      String name = member.name().substring(0, member.name().length() - SUFFIX.length());
      arrays.add(Npy.read(name, zip.read(member)));
    }
    return StateDict.of(arrays);
  }
}
