package io.camjar.engine.kernel.simd;

import io.camjar.engine.CamjarException;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of the vectors, fixed when this class is loaded so that compiled code has it as a
 * constant: the machine's own, or what property {@code camjar.vector.bits} forces.
 */
public final class Lanes {
  private static final String PROPERTY = "camjar.vector.bits";

  /** The vectors. */
  public static final VectorSpecies<Float> SPECIES = choose();

  /** Floats in a vector. */
  public static final int COUNT = SPECIES.length();

  /**
   * Channels that lie together in the blocked layout: the two vectors that are the width of a
   * register tile.
   */
  public static final int BLOCK = 2 * COUNT;

  /**
   * Rows of the largest register tile: 14 rows take 31 registers, 6 rows the 15 of an x86 without
   * AVX-512.
   */
  public static final int MAX_ROWS = hasManyRegisters() ? Tiles.MAX_ROWS : Tiles.FEW_ROWS;

  private Lanes() {}

  private static VectorSpecies<Float> choose() {
    String bits = System.getProperty(PROPERTY, "").trim();
    return switch (bits) {
      case "512" -> FloatVector.SPECIES_512;
      case "256" -> FloatVector.SPECIES_256;
      case "128" -> FloatVector.SPECIES_128;
      case "" -> preferred();
      default ->
          throw new CamjarException(
              "property %s must be 512, 256 or 128, found '%s'".formatted(PROPERTY, bits));
    };
  }

  private static VectorSpecies<Float> preferred() {
    return switch (FloatVector.SPECIES_PREFERRED.length()) {
      case 16 -> FloatVector.SPECIES_512;
      case 8 -> FloatVector.SPECIES_256;
      default -> FloatVector.SPECIES_128;
    };
  }

  /** Whether there are 32 vector registers, not 16. */
  public static boolean hasManyRegisters() {
    return FloatVector.SPECIES_MAX.length() >= 16
        || System.getProperty("os.arch", "").equals("aarch64");
  }

  /** The next multiple of the block. */
  public static int padded(int channels) {
    return blocks(channels) * BLOCK;
  }

  /** How many blocks hold this many channels. */
  public static int blocks(int channels) {
    return (channels + BLOCK - 1) / BLOCK;
  }
}
