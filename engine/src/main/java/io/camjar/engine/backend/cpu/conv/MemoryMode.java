package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Heap;
import io.camjar.engine.kernel.simd.winograd.WinogradConv2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import org.jspecify.annotations.Nullable;

/** Whether convolutions may hold transformed weights, two to four times as large as their own. */
public enum MemoryMode {
  /** They do where it is faster. */
  FAST,
  /** Small ones only; all other convolutions have as many weights as the network. */
  LOW;

  private static final String PROPERTY = "camjar.memory";

  /**
   * Heap for each byte of weights that may be transformed: in most of a network they double. A
   * network that is run with several batch sizes may hold them in a layout for each.
   */
  private static final int ROOM = 3;

  /** Heap for activations, and for what is not the network's. */
  private static final long REST = 64L << 20;

  /**
   * What the property {@code camjar.memory} says; without it {@code LOW} for a network whose
   * weights, its convolutions' transformed, the heap has no room for.
   */
  public static MemoryMode of(Graph graph) {
    return of(graph, Heap.largest());
  }

  /**
   * The same with a heap of one's own.
   *
   * @param heap bytes
   */
  static MemoryMode of(Graph graph, long heap) {
    MemoryMode asked = asked();
    if (asked != null) {
      return asked;
    }
    return heap < room(graph) ? LOW : FAST;
  }

  /** Of a convolution that belongs to no network, or whose weights are not held. */
  static MemoryMode alone() {
    MemoryMode asked = asked();
    return asked != null ? asked : FAST;
  }

  private static long room(Graph graph) {
    long floats = 0;
    for (Shape shape : graph.parameterShapes().values()) {
      floats += shape.length();
    }
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Conv2d conv
          && conv.isPlain()
          && WinogradConv2d.supports(conv.geometry())) {
        floats += (ROOM - 1) * conv.geometry().weights();
      }
    }
    return REST + Float.BYTES * floats;
  }

  private static @Nullable MemoryMode asked() {
    String word = System.getProperty(PROPERTY);
    if (word == null) {
      return null;
    }
    return switch (word.trim()) {
      case "fast" -> FAST;
      case "low" -> LOW;
      default ->
          throw new CamjarException(
              "property %s must be low or fast, found '%s'".formatted(PROPERTY, word.trim()));
    };
  }
}
