package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.conv.ChannelLinear;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.conv.SparseLinear;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A network's weights as its algorithms want them, each laid out once. */
public final class PackedWeights {
  private record Key(String path, boolean folded, boolean backward, Algorithm algorithm) {}

  private record Sums(Key weights, int places) {}

  private final MemoryMode mode;
  private final Map<Key, PackedConv2d> convolutions = new ConcurrentHashMap<>();
  private final Map<Key, PackedConv2d> ofOneImage = new ConcurrentHashMap<>();
  private final Map<Sums, PackedConv2d> ofChannels = new ConcurrentHashMap<>();
  private final Map<Key, float[]> biases = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param mode whether transformed weights may take memory
   */
  public PackedWeights(MemoryMode mode) {
    this.mode = mode;
  }

  MemoryMode mode() {
    return mode;
  }

  /** The forward; {@code image} for the convolution that reads the network's input. */
  PackedConv2d forward(
      Conv2d op, ConvWeights weights, Algorithm algorithm, boolean image, PlainWeights plain) {
    return convolutions.computeIfAbsent(
        key(weights, false, algorithm), k -> algorithm.forward(op, plain.read(weights), image));
  }

  /** The backward to the input. */
  PackedConv2d backward(Conv2d op, ConvWeights weights, Algorithm algorithm, PlainWeights plain) {
    return convolutions.computeIfAbsent(
        key(weights, true, algorithm), k -> algorithm.backwardInput(op, plain.read(weights)));
  }

  /** A linear layer's product with one image's features, forward or backward to the input. */
  PackedConv2d ofOneImage(ConvWeights weights, boolean backward) {
    return ofOneImage.computeIfAbsent(
        key(weights, backward, Algorithm.DIRECT),
        k ->
            backward
                ? SparseLinear.backwardInput(weights.oihw(), weights.outputs())
                : SparseLinear.forward(weights.oihw(), weights.outputs(), Threads.shared()));
  }

  /** The backward of {@link #ofOneImage} to the sums over channels of so many places. */
  PackedConv2d ofChannels(ConvWeights weights, int places) {
    return ofChannels.computeIfAbsent(
        new Sums(key(weights, true, Algorithm.DIRECT), places),
        k -> ChannelLinear.of(weights.oihw(), weights.outputs(), places, Threads.shared()));
  }

  /** The bias as the kernels want it, or null if there is none. */
  float @Nullable [] bias(ConvWeights weights) {
    float[] plain = weights.biases();
    return plain == null
        ? null
        : biases.computeIfAbsent(key(weights, false, Algorithm.DIRECT), k -> Epilogue.pad(plain));
  }

  /** What they take. */
  public MemoryUse memory() {
    long packed = 0;
    long transformed = 0;
    for (Map.Entry<Key, PackedConv2d> each : convolutions.entrySet()) {
      long bytes = each.getValue().bytes();
      if (each.getKey().algorithm.transforms()) {
        transformed += bytes;
      } else {
        packed += bytes;
      }
    }
    for (PackedConv2d each : ofOneImage.values()) {
      packed += each.bytes();
    }
    for (PackedConv2d each : ofChannels.values()) {
      packed += each.bytes();
    }
    for (float[] bias : biases.values()) {
      packed += (long) bias.length * Float.BYTES;
    }
    return new MemoryUse(0, packed, transformed, 0);
  }

  private static Key key(ConvWeights weights, boolean backward, Algorithm algorithm) {
    return new Key(weights.path(), weights.folded(), backward, algorithm);
  }
}
