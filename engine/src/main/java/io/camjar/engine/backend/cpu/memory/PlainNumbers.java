package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.LayoutConversion;
import io.camjar.engine.op.Shape;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** Values as numbers in c order, without arrays. */
public final class PlainNumbers {
  private PlainNumbers() {}

  /** Writes a value's numbers in the order of its shape. */
  public static void read(BlockedTensor tensor, Form form, float[] numbers, Threads threads) {
    switch (form) {
      case IMAGE -> LayoutConversion.images(tensor, numbers, threads);
      case TOKENS, CHANNELS_LAST, FEATURES -> LayoutConversion.places(tensor, numbers, threads);
      case PLAIN -> LayoutConversion.plain(tensor, numbers);
    }
  }

  /** Lays out numbers in the order of a value's shape. */
  public static void write(float[] numbers, BlockedTensor tensor, Form form, Threads threads) {
    switch (form) {
      case IMAGE -> LayoutConversion.fillImages(numbers, tensor, threads);
      case TOKENS, CHANNELS_LAST, FEATURES -> LayoutConversion.fillPlaces(numbers, tensor, threads);
      case PLAIN -> LayoutConversion.fillPlain(numbers, tensor);
    }
  }

  /**
   * Moves axes.
   *
   * @param shape of {@code from}
   * @param order for each axis of the result that of {@code from}
   */
  public static void permute(
      float[] from, Shape shape, List<Integer> order, float[] to, Threads threads) {
    int rank = shape.rank();
    int[] pitches = new int[rank];
    int pitch = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      pitches[axis] = pitch;
      pitch *= shape.at(axis);
    }
    int last = order.get(rank - 1);
    int length = shape.at(last);
    threads.run(
        pitch / length,
        (row, worker) -> {
          int at = 0;
          int rest = row;
          for (int axis = rank - 2; axis >= 0; axis--) {
            int source = order.get(axis);
            at += rest % shape.at(source) * pitches[source];
            rest /= shape.at(source);
          }
          for (int i = 0; i < length; i++) {
            to[row * length + i] = from[at + i * pitches[last]];
          }
        });
  }
}
