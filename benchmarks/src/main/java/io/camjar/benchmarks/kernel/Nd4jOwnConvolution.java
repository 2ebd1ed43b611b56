package io.camjar.benchmarks.kernel;

import io.camjar.engine.kernel.Conv2dGeometry;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** ND4J's own {@code conv2d} and {@code conv2d_bp}. */
final class Nd4jOwnConvolution {
  private static final List<String> EXTENSIONS =
      List.of("-onednn-avx512", "-onednn-avx2", "-onednn", "-avx512", "-avx2", "");
  private static final int NCHW = 0;
  private static final int OIHW = 1;
  private static final int SAME_MODE = 0;

  private Nd4jOwnConvolution() {}

  /** The operation that writes {@code y}. */
  static CustomOp forward(Conv2dGeometry g, INDArray x, INDArray weight, INDArray y) {
    return operation("conv2d", g).addInputs(x, weight).addOutputs(y).build();
  }

  /** The operation that writes both gradients. */
  static CustomOp backward(
      Conv2dGeometry g, INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dw) {
    return operation("conv2d_bp", g).addInputs(x, weight, dy).addOutputs(dx, dw).build();
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder operation(String name, Conv2dGeometry g) {
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(
            g.kernelH(),
            g.kernelW(),
            g.strideH(),
            g.strideW(),
            g.padH(),
            g.padW(),
            g.dilationH(),
            g.dilationW(),
            SAME_MODE,
            NCHW,
            OIHW);
  }

  /** Which natives are at work: the plain ones multiply by OpenBLAS, others by oneDNN. */
  static String classifier() {
    String platform = Loader.getPlatform();
    for (String extension : EXTENSIONS) {
      String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/" + platform + extension + "/";
      if (Nd4jOwnConvolution.class.getResource(folder) != null) {
        return platform + extension;
      }
    }
    return platform;
  }
}
