package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.conv.PackedWeights;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.GradientMemory;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.op.Shape;

/** What the layout of one size asks of the graph whose steps it serves. */
public interface BlockedGraph {

  /** How a value of this shape lies in memory. */
  Form form(int value, Shape shape);

  /** Whether it serves passes whose backward yields the gradients of parameters. */
  boolean learning();

  /** Whether a value is an input of the network. */
  boolean isInput(int value);

  /**
   * Whether an input has so few channels that they make a small block: convolutions can read it.
   */
  boolean isImage(int value);

  /** The weights, as their convolutions want them. */
  PackedWeights weights();

  /** Memory of parameters' gradients. */
  GradientMemory gradients();

  /** Memory of kernels, for one pass at a time. */
  Memory acquire();

  /** Returns what was acquired, for the next pass. */
  void release(Memory memory);
}
