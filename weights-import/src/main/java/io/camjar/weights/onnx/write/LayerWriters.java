package io.camjar.weights.onnx.write;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.write.Nodes.Attribute;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;

/** Layers with weights, and pools. */
final class LayerWriters {
  private LayerWriters() {}

  static void register(Writers writers) {
    writers.add(Conv2d.class, LayerWriters::conv);
    writers.add(BatchNorm.class, LayerWriters::norm);
    writers.add(Linear.class, LayerWriters::linear);
    writers.add(MaxPool2d.class, LayerWriters::maxPool);
    writers.add(AvgPool2d.class, LayerWriters::avgPool);
    writers.add(AdaptiveAvgPool2d.class, LayerWriters::adaptiveMean);
    writers.add(
        AdaptiveMaxPool2d.class,
        (op, here) -> {
          if (!op.isPlain()) {
            throw unequal(here);
          }
          return here.last("GlobalMaxPool");
        });
    writers.add(
        AdaptiveConcatPool2d.class,
        (op, here) ->
            here.last(
                "Concat",
                List.of(
                    here.before("max", "GlobalMaxPool", here.inputs()),
                    here.before("mean", "GlobalAveragePool", here.inputs())),
                Attribute.of("axis", 1)));
  }

  private static String conv(Conv2d op, Writing here) {
    Conv2dGeometry g = op.geometry();
    return here.last(
        "Conv",
        op.bias() ? here.with("weight", "bias") : here.with("weight"),
        Attribute.of("dilations", g.dilationH(), g.dilationW()),
        Attribute.of("group", op.groups()),
        Attribute.of("kernel_shape", g.kernelH(), g.kernelW()),
        Attribute.of("pads", g.padH(), g.padW(), op.padBottom(), op.padRight()),
        Attribute.of("strides", g.strideH(), g.strideW()));
  }

  private static String norm(BatchNorm op, Writing here) {
    return here.last(
        "BatchNormalization",
        here.with("weight", "bias", "running_mean", "running_var"),
        Attribute.of("epsilon", op.eps()));
  }

  /** {@code Gemm} for rows, {@code MatMul} and {@code Add} for anything else. */
  private static String linear(Linear op, Writing here) {
    if (here.shape().rank() == 2) {
      return here.last(
          "Gemm",
          op.bias() ? here.with("weight", "bias") : here.with("weight"),
          Attribute.of("transB", 1));
    }
    TensorEntry weight = here.weight("weight");
    TensorEntry transposed =
        new TensorEntry(
            "",
            weight.storage(),
            weight.offset(),
            new long[] {weight.size(1), weight.size(0)},
            new long[] {weight.stride(1), weight.stride(0)});
    List<String> factors = List.of(here.input(), here.constant("weight", transposed));
    return op.bias()
        ? here.last(
            "Add", List.of(here.before("product", "MatMul", factors), here.parameter("bias")))
        : here.last("MatMul", factors);
  }

  private static String maxPool(MaxPool2d op, Writing here) {
    return here.last(
        "MaxPool",
        pool(
            op.geometry(),
            op.padBottom(),
            op.padRight(),
            Attribute.of("dilations", op.dilationH(), op.dilationW())));
  }

  private static String avgPool(AvgPool2d op, Writing here) {
    if (op.divisor() != 0) {
      throw new Malformed(
          "has the layer '%s', an average pool with a divisor of its own, which ONNX lacks"
              .formatted(here.node().path()),
          "convert it to safetensors");
    }
    return here.last(
        "AveragePool",
        pool(
            op.geometry(),
            op.padBottom(),
            op.padRight(),
            Attribute.of("count_include_pad", op.countPadding() ? 1 : 0)));
  }

  /** Windows of one size where the image's size is a multiple of the grid's. */
  private static String adaptiveMean(AdaptiveAvgPool2d op, Writing here) {
    if (op.isPlain()) {
      return here.last("GlobalAveragePool");
    }
    long rows = here.shape().side(2);
    long columns = here.shape().side(3);
    if (rows % op.height() != 0 || columns % op.width() != 0) {
      throw unequal(here);
    }
    long[] window = {rows / op.height(), columns / op.width()};
    return here.last(
        "AveragePool", Attribute.of("kernel_shape", window), Attribute.of("strides", window));
  }

  private static Malformed unequal(Writing here) {
    return new Malformed(
        "has the layer '%s', a pool whose windows have several sizes, which ONNX lacks"
            .formatted(here.node().path()),
        "convert it to safetensors");
  }

  private static Message[] pool(Pool2dGeometry g, int bottom, int right, Message more) {
    List<Message> attributes =
        new ArrayList<>(
            List.of(
                Attribute.of("kernel_shape", g.kernelH(), g.kernelW()),
                Attribute.of("pads", g.padH(), g.padW(), bottom, right),
                Attribute.of("strides", g.strideH(), g.strideW()),
                more));
    if (g.ceilMode()) {
      attributes.add(Attribute.of("ceil_mode", 1));
    }
    return attributes.toArray(Message[]::new);
  }
}
