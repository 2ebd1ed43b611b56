package io.camjar.weights.names;

import io.camjar.engine.model.HeadLayer;
import io.camjar.engine.model.HeadSpec;
import io.camjar.engine.model.LinearHead;
import io.camjar.engine.model.SequentialHead;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells the head from canonical names and shapes alone.
 *
 * <p>In a fastai head the layers without parameters are known by the gaps between those with: pool
 * and flatten come first, a rectifier follows every linear layer but the last, any other single gap
 * is a dropout, which is the identity when not training.
 */
final class HeadDetector {
  private static final int MAX_LAYERS = 64;
  private static final int MAX_FEATURES = 1 << 20;

  private final StateDict tensors;
  private final int features;

  HeadDetector(StateDict tensors, int features) {
    this.tensors = tensors;
    this.features = features;
  }

  HeadSpec detect() {
    if (tensors.has("fc.weight")) {
      return new LinearHead(rows(tensors.find("fc.weight").orElseThrow()));
    }
    TreeMap<Integer, HeadLayer> learned = learnedLayers();
    if (learned.isEmpty()) {
      throw new Malformed(
          "holds a ResNet without a head: neither fc.weight nor 1.N.weight is there",
          "save the whole model, with its classifier");
    }
    return sequential(learned);
  }

  private TreeMap<Integer, HeadLayer> learnedLayers() {
    TreeMap<Integer, HeadLayer> layers = new TreeMap<>();
    for (TensorEntry tensor : tensors.entries()) {
      if (!tensor.name().startsWith("head.") || !tensor.name().endsWith(".weight")) {
        continue;
      }
      String index =
          tensor.name().substring("head.".length(), tensor.name().length() - ".weight".length());
      if (!index.matches("\\d{1,2}") || Integer.parseInt(index) >= MAX_LAYERS) {
        throw unknown(tensor.name());
      }
      layers.put(Integer.parseInt(index), layer(tensor, index));
    }
    return layers;
  }

  private HeadLayer layer(TensorEntry weight, String index) {
    if (weight.rank() == 2) {
      boolean bias = tensors.has("head." + index + ".bias");
      return new HeadLayer.Linear(bounded(weight, 1), rows(weight), bias);
    }
    if (weight.rank() == 1) {
      return new HeadLayer.BatchNorm(rows(weight));
    }
    throw unknown(weight.name());
  }

  private SequentialHead sequential(TreeMap<Integer, HeadLayer> learned) {
    int lastLinear =
        learned.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof HeadLayer.Linear)
            .mapToInt(Map.Entry::getKey)
            .max()
            .orElseThrow(
                () -> new Malformed("holds a head without a linear layer", "save the whole model"));
    if (learned.firstKey() < 2) {
      throw new Malformed(
          "holds a head that begins with a learned layer instead of a pool",
          "use the head that fastai's create_head makes");
    }
    List<HeadLayer> layers = new ArrayList<>();
    layers.add(pool(learned.firstEntry().getValue()));
    layers.add(new HeadLayer.Flatten());
    for (Map.Entry<Integer, HeadLayer> entry : learned.entrySet()) {
      fillGap(layers, entry.getKey(), lastLinear);
      layers.add(entry.getValue());
    }
    return new SequentialHead(label(learned), layers);
  }

  private HeadLayer pool(HeadLayer first) {
    int in =
        first instanceof HeadLayer.Linear linear
            ? linear.in()
            : ((HeadLayer.BatchNorm) first).features();
    return in == features ? new HeadLayer.AvgPool() : new HeadLayer.ConcatPool();
  }

  private static void fillGap(List<HeadLayer> layers, int until, int lastLinear) {
    if (layers.get(layers.size() - 1) instanceof HeadLayer.Linear && layers.size() < until) {
      layers.add(new HeadLayer.Relu());
    }
    if (layers.size() < until) {
      layers.add(new HeadLayer.Dropout(until == lastLinear ? 0.5 : 0.25));
    }
    if (layers.size() != until) {
      throw new Malformed(
          "holds a head with "
              + (until - layers.size() + 1)
              + " layers without parameters before its layer "
              + until
              + ", which names alone do not tell apart",
          "use the head that fastai's create_head makes");
    }
  }

  /** fastai v2 drops the bias of a linear layer that has a batch norm beside it; v1 never does. */
  private static String label(Map<Integer, HeadLayer> learned) {
    boolean biasEverywhere =
        learned.values().stream()
            .allMatch(layer -> !(layer instanceof HeadLayer.Linear linear) || linear.bias());
    return biasEverywhere ? "fastai1" : "fastai2";
  }

  private static int rows(TensorEntry tensor) {
    if (tensor.rank() == 0) {
      throw unknown(tensor.name());
    }
    return bounded(tensor, 0);
  }

  private static int bounded(TensorEntry tensor, int dimension) {
    long size = tensor.size(dimension);
    if (size < 1 || size > MAX_FEATURES) {
      throw unknown(tensor.name());
    }
    return (int) size;
  }

  private static Malformed unknown(String name) {
    return new Malformed(
        "has the tensor '" + name + "' in its head, of a shape that no known head has",
        "use a linear head or the head that fastai's create_head makes");
  }
}
