package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Border;
import io.camjar.engine.model.CompiledPass;
import io.camjar.engine.model.CompiledTraining;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Trace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network compiled for training: activations in the blocked layout from end to end, in memory
 * that is kept from step to step as long as the batch has one size.
 */
final class TrainingPlan implements CompiledTraining {
  private final Graph graph;
  private @Nullable Sized sized;

  /** What is kept for one size of input. */
  private record Sized(
      Shape shape, TrainingProgram program, Buffers buffers, TrainingMemory memory) {}

  TrainingPlan(Layer root, String input) {
    this.graph = Graph.of(root, input, true);
  }

  @Override
  public void run(INDArray x, Trace trace) {
    Sized now = sized(Shape.of(x));
    Threads threads = Threads.shared();
    TrainingPass pass = new TrainingPass(now.program, now.buffers, now.memory, threads);
    trace.hold(0, pass::close);
    Border.fill(x, pass.input(), now.memory.scratch());
    pass.run();
    trace.hold(pass.bytes(), () -> {});
    trace.finish(Border.featureArray(pass.scores()));
    trace.attach(
        (CompiledPass.WayBack)
            (dLogits, gradients) -> {
              TrainingWalk walk = new TrainingWalk(pass, gradients);
              Border.fillFeatures(dLogits, walk.scores());
              walk.run();
            });
  }

  private synchronized Sized sized(Shape shape) {
    Sized now = sized;
    if (now == null || !now.shape.equals(shape)) {
      TrainingMemory memory = new TrainingMemory();
      TrainingProgram program = new TrainingProgram(graph, shape, memory, Threads.shared());
      now = new Sized(shape, program, new Buffers(), memory);
      sized = now;
    }
    return now;
  }
}
