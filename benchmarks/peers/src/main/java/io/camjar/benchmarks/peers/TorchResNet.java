package io.camjar.benchmarks.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NamedTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_buffer_iterator;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_iterator;
import org.bytedeco.pytorch.named_parameter_list;

/**
 * ResNet-34 by PyTorch's own operators, as torchvision's eager module calls them, without Python
 * between the calls.
 */
final class TorchResNet implements AutoCloseable {
  private static final List<Integer> DEPTHS = List.of(3, 4, 6, 3);
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;

  /** The stem and the 16 blocks. */
  static final int STAGES = 17;

  private final Map<String, Tensor> tensors;
  private final Map<String, TensorOptional> optional = new LinkedHashMap<>();
  private final TensorOptional none = new TensorOptional();
  private final List<Tensor> parameters;

  private TorchResNet(Map<String, Tensor> tensors, List<Tensor> parameters) {
    this.tensors = tensors;
    this.parameters = parameters;
    tensors.forEach((name, tensor) -> optional.put(name, new TensorOptional(tensor)));
  }

  /** Reads the parameters out of a TorchScript file. */
  static TorchResNet load(String file, torch.MemoryFormat format, boolean trainable) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Tensor> parameters = new ArrayList<>();
    JitModule module = torch.load(file);
    named_parameter_list named = module.named_parameters();
    named_parameter_iterator end = named.end();
    for (named_parameter_iterator it = named.begin(); it.notEquals(end); it.increment()) {
      NamedTensor entry = it.access();
      Tensor value = entry.value().detach();
      Tensor parameter = value.dim() == 4 ? value.contiguous(format) : new Tensor(value);
      parameter.set_requires_grad(trainable);
      tensors.put(entry.name().getString(), parameter);
      parameters.add(parameter);
    }
    named_buffer_list buffers = module.named_buffers();
    named_buffer_iterator last = buffers.end();
    for (named_buffer_iterator it = buffers.begin(); it.notEquals(last); it.increment()) {
      NamedTensor entry = it.access();
      tensors.put(entry.name().getString(), new Tensor(entry.value()));
    }
    return new TorchResNet(tensors, parameters);
  }

  /** What is trained. */
  List<Tensor> parameters() {
    return parameters;
  }

  /** Stage 0 is the stem with its max-pool, stages 1 to 16 are the blocks. */
  Tensor stage(int index, Tensor x, boolean training) {
    if (index == 0) {
      Tensor y = norm("bn1", conv("conv1", x, 2, 3), training).relu_();
      return torch.max_pool2d(
          y, new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, false);
    }
    int layer = 1;
    int block = index - 1;
    while (block >= DEPTHS.get(layer - 1)) {
      block -= DEPTHS.get(layer - 1);
      layer++;
    }
    return block("layer%d.%d".formatted(layer, block), x, layer > 1 && block == 0, training);
  }

  /** Pool and classifier. */
  Tensor head(Tensor x) {
    Tensor pooled = torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1);
    return torch.linear(pooled, tensors.get("fc.weight"), optional.get("fc.bias"));
  }

  private Tensor block(String path, Tensor x, boolean strided, boolean training) {
    int stride = strided ? 2 : 1;
    Tensor y = conv(path + ".conv1", x, stride, 1);
    y = norm(path + ".bn1", y, training).relu_();
    y = norm(path + ".bn2", conv(path + ".conv2", y, 1, 1), training);
    Tensor shortcut =
        strided
            ? norm(path + ".downsample.1", conv(path + ".downsample.0", x, stride, 0), training)
            : x;
    return y.add_(shortcut).relu_();
  }

  private Tensor conv(String path, Tensor x, int stride, int padding) {
    return torch.conv2d(
        x,
        tensors.get(path + ".weight"),
        none,
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        1);
  }

  private Tensor norm(String path, Tensor x, boolean training) {
    return torch.batch_norm(
        x,
        optional.get(path + ".weight"),
        optional.get(path + ".bias"),
        optional.get(path + ".running_mean"),
        optional.get(path + ".running_var"),
        training,
        MOMENTUM,
        EPSILON,
        false);
  }

  @Override
  public void close() {
    optional.values().forEach(TensorOptional::close);
    tensors.values().forEach(Tensor::close);
    none.close();
  }
}
