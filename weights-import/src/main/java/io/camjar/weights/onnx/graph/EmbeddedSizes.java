package io.camjar.weights.onnx.graph;

import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.tensor.TensorEntry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sizes of images that a network's embeddings of positions fit, where its model leaves the size
 * open. An embedding has as many features as the convolution that makes patches, and a row a patch,
 * {@code [T, D]} or {@code [1, T, D]}, after one for a class token or a few, or the places of maps,
 * {@code [1, D, H, W]} or {@code [1, H, W, D]}. Whether a size is the right one shows when it is
 * tried.
 */
final class EmbeddedSizes {
  /** Tokens of other uses ahead of the patches. */
  private static final int MOST_PREFIX = 8;

  private static final int MOST_SIZES = 16;
  private static final int MAX_SIDE = 1 << 14;

  private final ImageInput input;
  private final int patch;
  private final long features;
  private final Set<Probe> sizes = new LinkedHashSet<>();

  private EmbeddedSizes(ImageInput input, int patch, long features) {
    this.input = input;
    this.patch = patch;
    this.features = features;
  }

  /** The sizes to try; none where no convolution makes patches. */
  static List<Probe> of(OnnxGraph graph, ImageInput input) {
    for (OnnxNode node : graph.nodes()) {
      Optional<TensorEntry> kernel =
          node.operation().equals("Conv") && node.inputs().size() > 1
              ? graph.initializers().find(node.inputs().get(1))
              : Optional.empty();
      if (kernel.isPresent() && kernel.get().rank() == 4) {
        int[] strides = new Attributes(node).sizes("strides", 2, 1);
        boolean patches =
            strides[0] > 1
                && strides[0] == strides[1]
                && kernel.get().size(2) == strides[0]
                && kernel.get().size(3) == strides[0];
        return patches
            ? new EmbeddedSizes(input, strides[0], kernel.get().size(0)).of(graph)
            : List.of();
      }
    }
    return List.of();
  }

  private List<Probe> of(OnnxGraph graph) {
    graph.initializers().entries().forEach(this::add);
    for (OnnxNode node : graph.nodes()) {
      if (node.operation().equals("Constant")) {
        new Attributes(node).tensor("value").map(Constant::tensor).ifPresent(this::add);
      }
    }
    return sizes.stream().limit(MOST_SIZES).toList();
  }

  private void add(TensorEntry tensor) {
    long[] shape = tensor.shape();
    int rank = shape.length;
    if (rank == 4 && shape[0] == 1 && shape[1] == features) {
      add(shape[2], shape[3]);
    } else if (rank > 1 && shape[rank - 1] == features && (rank == 2 || shape[0] == 1)) {
      if (rank == 4) {
        add(shape[1], shape[2]);
      } else if (rank < 4) {
        addTokens(shape[rank - 2]);
      }
    }
  }

  private void addTokens(long tokens) {
    for (long places = tokens; places > 0 && places >= tokens - MOST_PREFIX; places--) {
      long root = Math.round(Math.sqrt(places));
      long rows = input.height().isPresent() ? input.height().getAsLong() / patch : root;
      long columns = input.width().isPresent() ? input.width().getAsLong() / patch : root;
      if (input.height().isPresent() && rows > 0) {
        columns = places / rows;
      } else if (input.width().isPresent() && columns > 0) {
        rows = places / columns;
      }
      if (rows * columns == places) {
        add(rows, columns);
      }
    }
  }

  /** One place would be repeated for an embedding of any size, and is none that is tried. */
  private void add(long rows, long columns) {
    if (rows * columns > 1
        && rows > 0
        && columns > 0
        && rows <= MAX_SIDE / patch
        && columns <= MAX_SIDE / patch) {
      sizes.add(input.first((int) rows * patch, (int) columns * patch));
    }
  }
}
