package io.camjar.engine.plan;

import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.CompiledPass;
import io.camjar.engine.nn.Layer;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/** Compiles networks of single precision where the vector kernels are in use. */
public final class PlanCompiler implements CompiledPass.Compiler {

  @Override
  public Optional<CompiledPass> compile(Layer root, String input, boolean training) {
    // Nothing that needs the vector module is loaded before this test.
    return Kernels.active().name().equals("simd") && isSingle(root)
        ? Optional.of(new Plan(root, input, training))
        : Optional.empty();
  }

  private static boolean isSingle(Layer layer) {
    return layer.parameters().values().stream().allMatch(p -> p.dataType() == DataType.FLOAT)
        && layer.children().stream().allMatch(PlanCompiler::isSingle);
  }
}
