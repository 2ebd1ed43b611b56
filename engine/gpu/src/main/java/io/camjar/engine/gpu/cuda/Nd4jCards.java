package io.camjar.engine.gpu.cuda;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.device.Quiet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lwjgl.system.Library;
import org.lwjgl.system.Platform;

/**
 * Which cards ND4J's CUDA backend runs on. Its last release, nd4j-cuda-11.6 1.0.0-M2.1, has machine
 * code of ten architectures and no PTX, which a driver could translate for others: on another card
 * its first kernel would fail.
 */
public final class Nd4jCards {
  private static final String RELEASE = "ND4J's CUDA backend (nd4j-cuda-11.6 1.0.0-M2.1)";
  private static final String OTHER_WAY =
      "--device cuda computes with kernels that are compiled for the card that is there, --device"
          + " opencl with its OpenCL driver";

  /**
   * The least minor number of a compute capability that its code runs on, by major number: code
   * runs on later minor numbers of its major one, and on no other major one.
   */
  private static final Map<Integer, Integer> LEAST = Map.of(3, 7, 5, 0, 6, 0, 7, 0, 8, 0);

  /** What it and its bindings are linked with, all of the CUDA toolkit 11. */
  private static final List<String> LIBRARIES =
      List.of("cudart.11.0", "cublasLt.11", "cublas.11", "cusparse.11", "cusolver.11");

  private static final Set<Platform> PLATFORMS = Set.of(Platform.LINUX, Platform.WINDOWS);

  private Nd4jCards() {}

  /**
   * The first card, on which ND4J would compute. Nothing of ND4J is loaded.
   *
   * @throws CamjarException that says what is missing, or that its code does not run on the card
   */
  public static Facts first() {
    CudaDriver driver = new CudaDriver();
    Facts card = driver.devices().get(0);
    requireCode(card.name(), driver.capability(card));
    requireLibraries();
    return card;
  }

  /**
   * Fails unless ND4J has code for a card.
   *
   * @param capability such as {@code 8.6}
   */
  static void requireCode(String card, String capability) {
    if (!runsOn(capability)) {
      throw new CamjarException(
          ("%s has compute capability %s, and %s has machine code for 3.7 and 5.0 to 8.9 only;"
                  + " %s")
              .formatted(card, capability, RELEASE, OTHER_WAY));
    }
  }

  /** Whether its code runs on cards of a compute capability, {@code 8.6}. */
  static boolean runsOn(String capability) {
    int point = capability.indexOf('.');
    int major = Integer.parseInt(capability.substring(0, point));
    int minor = Integer.parseInt(capability.substring(point + 1));
    return minor >= LEAST.getOrDefault(major, Integer.MAX_VALUE);
  }

  private static void requireLibraries() {
    List<String> missing = missing(LIBRARIES);
    if (!missing.isEmpty()) {
      throw new CamjarException(
          "%s needs libraries of the CUDA toolkit 11 that cannot be loaded: %s; install CUDA 11.6; %s"
              .formatted(RELEASE, String.join(", ", missing), OTHER_WAY));
    }
  }

  /**
   * Those of some libraries that cannot be loaded, as their files are called.
   *
   * @param names with the versions that Linux has in them, {@code cublas.11}
   */
  static List<String> missing(List<String> names) {
    Quiet.begin();
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      String file = file(name);
      try {
        Library.loadNative(Nd4jCards.class, "org.lwjgl.cuda", file);
      } catch (UnsatisfiedLinkError e) {
        missing.add(file);
      }
    }
    return missing;
  }

  private static String file(String name) {
    if (!PLATFORMS.contains(Platform.get())) {
      throw new CamjarException(RELEASE + " is for Linux and Windows only; " + OTHER_WAY);
    }
    int point = name.indexOf('.');
    String version = name.substring(point + 1);
    return Platform.get() == Platform.LINUX
        ? "lib%s.so.%s".formatted(name.substring(0, point), version)
        : "%s64_%s".formatted(name.substring(0, point), version.replace(".", ""));
  }
}
