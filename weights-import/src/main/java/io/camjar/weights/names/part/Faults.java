package io.camjar.weights.names.part;

import io.camjar.weights.bytes.Malformed;

/** Refusals that several places make. */
public final class Faults {
  private Faults() {}

  /** A first convolution as small images have it. */
  public static Malformed smallStem(String tensor) {
    return new Malformed(
        "begins with the 3x3 convolution '"
            + tensor
            + "', as ResNets for CIFAR's 32x32 images do; its stride, and whether a max-pool"
            + " follows, are not in the file",
        "use a ResNet that begins with a 7x7 convolution or with timm's three of 3x3");
  }
}
