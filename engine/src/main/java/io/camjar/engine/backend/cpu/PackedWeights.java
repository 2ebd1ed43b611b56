package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A network's weights as its algorithms want them, each laid out once. */
final class PackedWeights {
  private record Key(String path, boolean folded, boolean backward, Algorithm algorithm) {}

  private final Map<Key, PackedConv2d> convolutions = new ConcurrentHashMap<>();
  private final Map<Key, float[]> biases = new ConcurrentHashMap<>();

  /** The forward; {@code picture} for the convolution that reads the network's input. */
  PackedConv2d forward(ConvStep conv, Algorithm algorithm, boolean picture) {
    return convolutions.computeIfAbsent(
        key(conv, false, algorithm),
        k -> algorithm.forward(conv.op(), conv.weights().oihw(), picture));
  }

  /** The backward to the input. */
  PackedConv2d backward(ConvStep conv, Algorithm algorithm) {
    return convolutions.computeIfAbsent(
        key(conv, true, algorithm), k -> algorithm.backwardInput(conv.op(), conv.weights().oihw()));
  }

  /** The bias as the kernels want it, or null if there is none. */
  float @Nullable [] bias(ConvStep conv) {
    float[] plain = conv.weights().biases();
    return plain == null
        ? null
        : biases.computeIfAbsent(key(conv, false, Algorithm.DIRECT), k -> Epilogue.pad(plain));
  }

  private static Key key(ConvStep conv, boolean backward, Algorithm algorithm) {
    return new Key(conv.weights().path(), conv.weights().folded(), backward, algorithm);
  }
}
