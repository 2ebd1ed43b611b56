package io.camjar.engine.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arithmetic for guided backpropagation (Springenberg et al. 2015, arXiv 1412.6806): going back, a
 * rectifier also stops negative gradients, {@code dy [y > 0] [dy > 0]}.
 */
final class GuidedKernels {
  private GuidedKernels() {}

  /** All the arithmetic of {@code base} but that of the rectifier's backward. */
  static Kernels on(Kernels base) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> invoke(base, method, arguments));
  }

  private static Object invoke(Kernels base, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("reluBackward")) {
      try (INDArray positive = base.relu((INDArray) arguments[0])) {
        return base.reluBackward(positive, (INDArray) arguments[1]);
      }
    }
    try {
      return method.invoke(base, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
