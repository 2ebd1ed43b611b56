package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import java.util.List;

/**
 * One sweep of a convolution with its weights.
 *
 * @param weights as the convolution has laid them out for this sweep
 */
@SuppressWarnings("ArrayRecordComponent") // Weights to read; never compared.
record Sweep(ConvSweep pass, float[] weights) {

  /** The border that the input of all of them needs. */
  static Halo halo(List<Sweep> sweeps, int inH, int inW, int outH, int outW) {
    Halo halo = Halo.NONE;
    for (Sweep sweep : sweeps) {
      halo = halo.union(sweep.pass.halo(inH, inW, outH, outW));
    }
    return halo;
  }

  /** Bytes of all their weights. */
  static long bytes(List<Sweep> sweeps) {
    return sweeps.stream().mapToLong(sweep -> (long) sweep.weights.length * Float.BYTES).sum();
  }
}
