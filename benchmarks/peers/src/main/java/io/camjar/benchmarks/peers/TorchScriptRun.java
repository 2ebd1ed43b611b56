package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Prepared;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Forward through a TorchScript module, frozen and optimised for inference. */
final class TorchScriptRun implements Prepared {
  private final JitModule module;
  private final IValueVector input;

  TorchScriptRun(String file, Tensor pictures) {
    JitModule loaded = torch.load(file);
    loaded.eval();
    this.module = torch.optimize_for_inference(torch.freeze(loaded));
    this.input = new IValueVector(new IValue(pictures));
  }

  @Override
  public String settings() {
    return "TorchScript frozen, optimize_for_inference, inference mode";
  }

  @Override
  public float[] answer() {
    try (PointerScope scope = new PointerScope();
        InferenceMode inference = new InferenceMode(true)) {
      return TorchTensors.floats(module.forward(input).toTensor());
    }
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope();
        InferenceMode inference = new InferenceMode(true)) {
      module.forward(input).toTensor();
    }
  }

  @Override
  public void close() {
    input.close();
    module.close();
  }
}
