package io.camjar.engine.model;

import io.camjar.engine.nn.Layer;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Another way to run a network in evaluation mode, with the same results: what {@link Network}
 * hands its passes to if a service provides one.
 */
public interface CompiledPass {

  /** Scores before softmax; the caller closes them. */
  INDArray forward(INDArray x);

  /**
   * Runs the pictures forward and leaves in the trace what its demand asks for, and a {@link
   * WayBack} attached.
   */
  void run(INDArray x, Trace trace);

  /** The backward of one pass, attached to its trace. */
  interface WayBack {

    /** Leaves in the gradients what the trace's demand asks for. */
    void run(INDArray dLogits, Gradients gradients);
  }

  /** Compiles networks. */
  interface Compiler {

    /**
     * The compiled pass of a tree of layers, empty if there is none for it.
     *
     * @param input the name of the point that is the network's input
     */
    Optional<CompiledPass> compile(Layer root, String input);

    /** As {@link #compile}, for training. */
    Optional<CompiledTraining> compileTraining(Layer root, String input);
  }
}
