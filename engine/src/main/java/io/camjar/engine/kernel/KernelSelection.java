package io.camjar.engine.kernel;

import io.camjar.engine.CamjarException;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernels once per process; the property {@code camjar.kernels} forces a choice. */
final class KernelSelection {
  private static final Logger LOG = LoggerFactory.getLogger(KernelSelection.class);
  private static final String PROPERTY = "camjar.kernels";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String MISSING =
      "the Vector API is missing, add --add-modules %s to the java command".formatted(MODULE);

  private KernelSelection() {}

  static Kernels active() {
    return Holder.KERNELS;
  }

  /** Why the kernels of this process are not the fastest ones; empty where they are. */
  static Optional<String> whySlow() {
    if (active().name().equals("simd")) {
      return Optional.empty();
    }
    return Optional.of(isForced() ? "the property %s asks for them".formatted(PROPERTY) : MISSING);
  }

  /** The same where nobody asked for slow kernels. */
  static Optional<String> warning() {
    return isForced() ? Optional.empty() : whySlow();
  }

  private static boolean isForced() {
    return !System.getProperty(PROPERTY, "").isEmpty();
  }

  static Kernels named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "" -> fastest();
      case "simd" -> simd();
      case "nd4j" -> new Nd4jKernels();
      case "reference" -> new ReferenceKernels();
      default ->
          throw new CamjarException(
              "property %s names unknown kernels '%s', expected simd, nd4j or reference"
                  .formatted(PROPERTY, name));
    };
  }

  private static Kernels fastest() {
    if (hasVectors()) {
      return vectors();
    }
    LOG.warn("running several times slower on ND4J's kernels: {}", MISSING);
    return new Nd4jKernels();
  }

  private static Kernels simd() {
    if (!hasVectors()) {
      throw new CamjarException(
          "property %s asks for simd, which needs --add-modules %s on the java command"
              .formatted(PROPERTY, MODULE));
    }
    return vectors();
  }

  /** A service, so that the loops know nothing of what is built on them. */
  private static Kernels vectors() {
    CompilerDirectives.add();
    return ServiceLoader.load(Kernels.class, Kernels.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the jar lists no vector kernels"));
  }

  /** Classes of {@code kernel.simd} are loaded only behind this test. */
  static boolean hasVectors() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static final class Holder {
    static final Kernels KERNELS = named(System.getProperty(PROPERTY, ""));
  }
}
