package io.camjar.engine.model;

import io.camjar.engine.nn.Layer;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Another way to run a network, with the same results: what {@link Network} hands its passes to if
 * a service provides one.
 */
public interface CompiledPass {

  /** Logits of a pass in evaluation mode; the caller closes them. */
  INDArray forward(INDArray x);

  /**
   * Logits from the outputs of some points, in evaluation mode; the caller closes them.
   *
   * @param given outputs by path; nothing before them is computed
   */
  INDArray forward(Map<String, INDArray> given);

  /**
   * Runs the images forward in the mode that the trace's request says, and leaves in the trace what
   * it asks for and a {@link Backward} attached.
   */
  void run(INDArray x, Trace trace);

  /** The backward of one pass, attached to its trace. */
  interface Backward {

    /** Leaves in the gradients what the trace's request asks for. */
    void run(INDArray dLogits, Gradients gradients);
  }

  /** Compiles networks. */
  interface Compiler {

    /**
     * The compiled pass of a tree of layers, empty if there is none for it.
     *
     * @param input the name of the point that is the network's input
     * @param training whether it serves training: parameters are then read anew by every pass; or
     *     evaluation, for which they are laid out once
     */
    Optional<CompiledPass> compile(Layer root, String input, boolean training);
  }
}
