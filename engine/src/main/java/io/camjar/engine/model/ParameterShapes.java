package io.camjar.engine.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Derives the names and shapes of a network's parameters and buffers from its specification. */
final class ParameterShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private ParameterShapes() {}

  static Map<String, long[]> of(ResNetSpec spec) {
    ParameterShapes shapes = new ParameterShapes();
    shapes.stem(spec);
    int in = spec.width();
    for (int stage = 1; stage <= 4; stage++) {
      for (int b = 0; b < spec.depths().get(stage - 1); b++) {
        shapes.block(spec, stage, b, in);
        in = spec.channels(stage);
      }
    }
    shapes.head(spec);
    return shapes.shapes;
  }

  private void stem(ResNetSpec spec) {
    int out = spec.width();
    if (spec.stem() instanceof Stem.Deep deep) {
      conv("conv1.0", spec.inChannels(), deep.first(), 3);
      norm("conv1.1", deep.first());
      conv("conv1.3", deep.first(), deep.second(), 3);
      norm("conv1.4", deep.second());
      conv("conv1.6", deep.second(), out, 3);
    } else {
      conv("conv1", spec.inChannels(), out, 7);
    }
    norm("bn1", out);
  }

  private void block(ResNetSpec spec, int stage, int index, int in) {
    String path = "layer" + stage + "." + index + ".";
    int inner = spec.innerChannels(stage);
    int out = spec.channels(stage);
    boolean bottleneck = spec.block() == BlockKind.BOTTLENECK;
    conv(path + "conv1", in, inner, bottleneck ? 1 : 3);
    norm(path + "bn1", inner);
    conv(path + "conv2", inner, inner, 3);
    norm(path + "bn2", inner);
    if (bottleneck) {
      conv(path + "conv3", inner, out, 1);
      norm(path + "bn3", out);
    }
    if (index == 0 && Blocks.needsDownsample(stage, in, out)) {
      int first = spec.shortcut() == Shortcut.AVG_POOL_CONV ? 1 : 0;
      conv(path + "downsample." + first, in, out, 1);
      norm(path + "downsample." + (first + 1), out);
    }
  }

  private void head(ResNetSpec spec) {
    if (spec.head() instanceof SequentialHead head) {
      headLayers("head.", head.layers());
    } else if (spec.head() instanceof LayeredHead head) {
      headLayers("fc.", head.layers());
    } else if (spec.head() instanceof LinearHead head) {
      linear("fc", spec.features(), head.classes(), head.bias());
    }
  }

  private void headLayers(String prefix, List<HeadLayer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      headLayer(prefix + i, layers.get(i));
    }
  }

  private void headLayer(String path, HeadLayer layer) {
    if (layer instanceof HeadLayer.BatchNorm norm) {
      norm(path, norm.features());
    } else if (layer instanceof HeadLayer.Linear linear) {
      linear(path, linear.in(), linear.out(), linear.bias());
    }
  }

  private void conv(String path, int in, int out, int kernel) {
    shapes.put(path + ".weight", new long[] {out, in, kernel, kernel});
  }

  private void norm(String path, int features) {
    for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
      shapes.put(path + "." + name, new long[] {features});
    }
  }

  private void linear(String path, int in, int out, boolean bias) {
    shapes.put(path + ".weight", new long[] {out, in});
    if (bias) {
      shapes.put(path + ".bias", new long[] {out});
    }
  }
}
