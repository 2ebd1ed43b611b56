package io.camjar.weights.container;

/** The kinds of file that camjar reads. */
public enum CheckpointFormat {
  TORCH_ZIP("PyTorch zip"),
  TORCH_SCRIPT("TorchScript archive"),
  TORCH_LEGACY("PyTorch legacy stream"),
  TORCH_TAR("PyTorch tar"),
  PICKLE("pickle"),
  SAFETENSORS("safetensors"),
  NPZ("NumPy npz"),
  ONNX("onnx");

  private final String title;

  CheckpointFormat(String title) {
    this.title = title;
  }

  /** The name that users see. */
  public String title() {
    return title;
  }
}
