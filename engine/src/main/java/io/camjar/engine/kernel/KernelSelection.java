package io.camjar.engine.kernel;

import io.camjar.engine.CamjarException;
import java.util.Locale;

/** Chooses the kernels once per process; the property {@code camjar.kernels} forces a choice. */
final class KernelSelection {
  private static final String PROPERTY = "camjar.kernels";

  private KernelSelection() {}

  static Kernels active() {
    return Holder.KERNELS;
  }

  static Kernels named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "nd4j", "" -> new Nd4jKernels();
      case "reference" -> new ReferenceKernels();
      default ->
          throw new CamjarException(
              "property %s names unknown kernels '%s', expected nd4j or reference"
                  .formatted(PROPERTY, name));
    };
  }

  private static final class Holder {
    static final Kernels KERNELS = named(System.getProperty(PROPERTY, ""));
  }
}
