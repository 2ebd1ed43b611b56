package io.camjar.benchmarks.peers;

import org.bytedeco.pytorch.Tensor;

/** Tensors of PyTorch and arrays of Java. */
final class TorchTensors {

  private TorchTensors() {}

  /** The values in row-major order, whatever the memory format. */
  static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().contiguous();
    float[] values = new float[Math.toIntExact(plain.numel())];
    plain.data_ptr_float().get(values);
    return values;
  }
}
