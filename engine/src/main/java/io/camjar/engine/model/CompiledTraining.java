package io.camjar.engine.model;

import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Another way to run a network in training mode, with the same results. Parameters are read anew by
 * every pass, so they may change between two steps.
 */
public interface CompiledTraining {

  /**
   * Runs the pictures forward and attaches a {@link CompiledPass.WayBack} to the trace, which
   * yields the gradients of all parameters; they may not change in between. One trace at a time.
   */
  void run(INDArray x, Trace trace);
}
