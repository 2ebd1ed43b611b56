package io.camjar.engine.model;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.nn.AdaptiveAvgPool2d;
import io.camjar.engine.nn.AdaptiveConcatPool2d;
import io.camjar.engine.nn.AvgPool2d;
import io.camjar.engine.nn.BasicBlock;
import io.camjar.engine.nn.BatchNorm1d;
import io.camjar.engine.nn.BatchNorm2d;
import io.camjar.engine.nn.Bottleneck;
import io.camjar.engine.nn.Conv2d;
import io.camjar.engine.nn.Dropout;
import io.camjar.engine.nn.Flatten;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.nn.Linear;
import io.camjar.engine.nn.MaxPool2d;
import io.camjar.engine.nn.Parameters;
import io.camjar.engine.nn.ReLU;
import io.camjar.engine.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the tree of layers that a specification describes. */
final class NetworkBuilder {
  private final ResNetSpec spec;
  private final Parameters parameters;

  private NetworkBuilder(ResNetSpec spec, Parameters parameters) {
    this.spec = spec;
    this.parameters = parameters;
  }

  /** The whole network; its path is empty. */
  static Sequential build(ResNetSpec spec, Parameters parameters) {
    NetworkBuilder builder = new NetworkBuilder(spec, parameters);
    List<Layer> layers = new ArrayList<>();
    layers.add(builder.stem());
    int in = spec.width();
    for (int stage = 1; stage <= 4; stage++) {
      layers.add(builder.stage(stage, in));
      in = spec.channels(stage);
    }
    layers.addAll(builder.head());
    return new Sequential("", layers);
  }

  private Layer stem() {
    List<Layer> layers = new ArrayList<>();
    int out = spec.width();
    if (spec.stem() instanceof Stem.Deep deep) {
      layers.add(
          new Sequential(
              "conv1",
              List.of(
                  conv("conv1.0", spec.inChannels(), deep.first(), 3, 2),
                  norm("conv1.1", deep.first()),
                  new ReLU("conv1.2"),
                  conv("conv1.3", deep.first(), deep.second(), 3, 1),
                  norm("conv1.4", deep.second()),
                  new ReLU("conv1.5"),
                  conv("conv1.6", deep.second(), out, 3, 1))));
    } else {
      layers.add(conv("conv1", spec.inChannels(), out, 7, 2));
    }
    layers.add(norm("bn1", out));
    layers.add(new ReLU("relu"));
    layers.add(new MaxPool2d("maxpool", Pool2dGeometry.square(3, 2, 1)));
    return new Sequential("stem", layers);
  }

  private Layer stage(int stage, int stageIn) {
    List<Layer> blocks = new ArrayList<>();
    int in = stageIn;
    for (int b = 0; b < spec.depths().get(stage - 1); b++) {
      blocks.add(block(stage, b, in));
      in = spec.channels(stage);
    }
    return new Sequential("layer" + stage, blocks);
  }

  private Layer block(int stage, int index, int in) {
    String path = "layer" + stage + "." + index;
    int stride = index == 0 ? Blocks.stride(stage) : 1;
    Layer downsample = index == 0 ? downsample(path, stage, in) : null;
    return switch (spec.block()) {
      case BASIC -> new BasicBlock(path, in, spec.planes(stage), stride, downsample, parameters);
      case BOTTLENECK ->
          new Bottleneck(
              path,
              in,
              spec.innerChannels(stage),
              spec.channels(stage),
              stride,
              downsample,
              parameters);
    };
  }

  private @Nullable Layer downsample(String blockPath, int stage, int in) {
    int out = spec.channels(stage);
    if (!Blocks.needsDownsample(stage, in, out)) {
      return null;
    }
    String path = blockPath + ".downsample";
    int stride = Blocks.stride(stage);
    return switch (spec.shortcut()) {
      case CONV ->
          new Sequential(
              path, List.of(conv(path + ".0", in, out, 1, stride), norm(path + ".1", out)));
      case AVG_POOL_CONV -> {
        // timm pools only where the block is strided: AvgPool2d(2, 2, ceil_mode=True).
        Pool2dGeometry window = new Pool2dGeometry(stride, stride, stride, stride, 0, 0, true);
        yield new Sequential(
            path,
            List.of(
                new AvgPool2d(path + ".0", window),
                conv(path + ".1", in, out, 1, 1),
                norm(path + ".2", out)));
      }
    };
  }

  private List<Layer> head() {
    if (spec.head() instanceof SequentialHead head) {
      return List.of(headLayers("head", head.layers()));
    }
    List<Layer> layers = new ArrayList<>();
    layers.add(new AdaptiveAvgPool2d("avgpool"));
    layers.add(new Flatten("flatten"));
    if (spec.head() instanceof LayeredHead head) {
      layers.add(headLayers("fc", head.layers()));
    } else if (spec.head() instanceof LinearHead head) {
      layers.add(new Linear("fc", spec.features(), head.classes(), head.bias(), parameters));
    }
    return layers;
  }

  private Layer headLayers(String path, List<HeadLayer> layers) {
    List<Layer> built = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      built.add(headLayer(path + "." + i, layers.get(i)));
    }
    return new Sequential(path, built);
  }

  private Layer headLayer(String path, HeadLayer layer) {
    if (layer instanceof HeadLayer.BatchNorm norm) {
      return new BatchNorm1d(path, norm.features(), parameters);
    } else if (layer instanceof HeadLayer.Linear linear) {
      return new Linear(path, linear.in(), linear.out(), linear.bias(), parameters);
    } else if (layer instanceof HeadLayer.Dropout dropout) {
      return new Dropout(path, dropout.p());
    } else if (layer instanceof HeadLayer.ConcatPool) {
      return new AdaptiveConcatPool2d(path);
    } else if (layer instanceof HeadLayer.AvgPool) {
      return new AdaptiveAvgPool2d(path);
    } else if (layer instanceof HeadLayer.Flatten) {
      return new Flatten(path);
    }
    return new ReLU(path);
  }

  private Conv2d conv(String path, int in, int out, int kernel, int stride) {
    return new Conv2d(
        path, Conv2dGeometry.square(in, out, kernel, stride, kernel / 2), false, parameters);
  }

  private BatchNorm2d norm(String path, int features) {
    return new BatchNorm2d(path, features, parameters);
  }
}
