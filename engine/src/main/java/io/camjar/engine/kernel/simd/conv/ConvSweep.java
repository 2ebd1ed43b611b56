package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One dense sweep of a convolution or of its transpose: which inputs an output sees through which
 * taps of the kernel.
 *
 * <p>A forward is one sweep. A backward to the input with stride {@code s} is {@code s * s} sweeps,
 * one for each place of an input cell relative to the stride: cells of one place see the same taps.
 *
 * @param rows the taps along the height
 * @param columns the taps along the width
 */
record ConvSweep(Axis rows, Axis columns) {

  /**
   * One dimension of a sweep.
   *
   * @param step input cells between the inputs of two outputs
   * @param first the first output of the sweep
   * @param stride outputs between two outputs of the sweep
   * @param taps by ascending input cell
   */
  record Axis(int step, int first, int stride, List<Tap> taps) {
    Axis {
      taps = List.copyOf(taps);
    }

    /** How many outputs of the sweep lie below {@code size}. */
    int outputs(int size) {
      return Math.max(0, (size - first + stride - 1) / stride);
    }

    /** Whether the taps read neighbouring cells, so that they are one run in memory. */
    boolean contiguous() {
      for (int i = 1; i < taps.size(); i++) {
        if (taps.get(i).cell() != taps.get(i - 1).cell() + 1) {
          return false;
        }
      }
      return true;
    }

    /** The same of one tap, where the inputs that it sees are neighbours. */
    private Axis dense() {
      return new Axis(1, first, stride, List.of(new Tap(0, taps.get(0).kernel())));
    }

    /** The border that an input of {@code inputs} cells needs for {@code outputs} cells. */
    Halo halo(int inputs, int outputs) {
      if (taps.isEmpty() || outputs(outputs) == 0) {
        return Halo.NONE;
      }
      int lowest = taps.get(0).cell();
      int highest = taps.get(taps.size() - 1).cell() + (outputs(outputs) - 1) * step;
      return new Halo(Math.max(0, -lowest), Math.max(0, highest - inputs + 1));
    }
  }

  /**
   * One tap along a dimension.
   *
   * @param cell the input cell that output 0 of the sweep sees through it
   * @param kernel its index in the kernel
   */
  record Tap(int cell, int kernel) {}

  /** The sweep of a forward. */
  static List<ConvSweep> forward(Conv2dGeometry g) {
    return List.of(
        new ConvSweep(
            forward(g.kernelH(), g.strideH(), g.padH(), g.dilationH()),
            forward(g.kernelW(), g.strideW(), g.padW(), g.dilationW())));
  }

  /** The sweeps of a backward to the input. */
  static List<ConvSweep> backward(Conv2dGeometry g) {
    List<ConvSweep> passes = new ArrayList<>();
    for (int h = 0; h < g.strideH(); h++) {
      for (int w = 0; w < g.strideW(); w++) {
        passes.add(
            new ConvSweep(
                backward(h, g.kernelH(), g.strideH(), g.padH(), g.dilationH()),
                backward(w, g.kernelW(), g.strideW(), g.padW(), g.dilationW())));
      }
    }
    return passes;
  }

  private static Axis forward(int kernel, int stride, int pad, int dilation) {
    List<Tap> taps = new ArrayList<>();
    for (int k = 0; k < kernel; k++) {
      taps.add(new Tap(k * dilation - pad, k));
    }
    return new Axis(stride, 0, 1, taps);
  }

  /** Output {@code o} reached input {@code i} through tap {@code k} where i = o s - pad + k d. */
  private static Axis backward(int place, int kernel, int stride, int pad, int dilation) {
    List<Tap> taps = new ArrayList<>();
    for (int k = 0; k < kernel; k++) {
      int distance = place + pad - k * dilation;
      if (Math.floorMod(distance, stride) == 0) {
        taps.add(new Tap(Math.floorDiv(distance, stride), k));
      }
    }
    taps.sort(Comparator.comparingInt(Tap::cell));
    return new Axis(1, place, stride, taps);
  }

  /** The border that the input needs. */
  Halo halo(int inH, int inW, int outH, int outW) {
    return rows.halo(inH, outH).union(columns.halo(inW, outW));
  }

  /** Products for one output and one input channel. */
  int taps() {
    return rows.taps().size() * columns.taps().size();
  }

  /** Whether each output sees one input, and inputs between these none. */
  boolean skipsInputs() {
    return taps() == 1 && (rows.step > 1 || columns.step > 1);
  }

  /** The same where only inputs that are seen are there: for a pass that {@link #skipsInputs}. */
  ConvSweep dense() {
    return new ConvSweep(rows.dense(), columns.dense());
  }
}
