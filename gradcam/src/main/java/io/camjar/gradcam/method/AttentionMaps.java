package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The attention of a vision transformer's blocks, up to the block of a layer: the points {@code
 * blocks.N.attn.softmax}, {@code [1, heads, T, T]}, whose rows are queries and whose columns keys.
 */
final class AttentionMaps {
  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)(?:\\..*)?");

  /** What every block's attention is called below the block. */
  private static final String SOFTMAX = ".attn.softmax";

  private AttentionMaps() {}

  /**
   * The paths of the blocks up to that of a layer, which is the last block for a layer behind them
   * all.
   *
   * @throws CamjarException if the network has no attention, or the layer lies before it
   */
  static List<String> blocks(LayerSample sample, Subject subject, String method) {
    CamjarException.throwIf(refusal(subject.network(), sample.layer(), method));
    List<String> blocks = blocks(subject.network());
    Matcher block = BLOCK.matcher(sample.layer());
    return block.matches() ? blocks.subList(0, Integer.parseInt(block.group(1)) + 1) : blocks;
  }

  /** Why no attention lies before a layer; empty where some does. */
  static Optional<String> refusal(Network network, String layer, String method) {
    List<String> blocks = blocks(network);
    if (blocks.isEmpty()) {
      return Optional.of(
          "%s reads the attention of a vision transformer, and %s has none; use gradcam"
              .formatted(method, network.architecture().name()));
    }
    boolean behind =
        BLOCK.matcher(layer).matches() || layer.equals("norm") || layer.equals("blocks");
    return behind
        ? Optional.empty()
        : Optional.of(
            "%s reads attention, and none lies before the layer %s; name a block, such as %s"
                .formatted(method, layer, blocks.get(blocks.size() - 1)));
  }

  private static List<String> blocks(Network network) {
    List<String> blocks = new ArrayList<>();
    while (network.points().all().stream()
        .anyMatch(point -> point.path().equals("blocks." + blocks.size() + SOFTMAX))) {
      blocks.add("blocks." + blocks.size());
    }
    return blocks;
  }

  /** Whether a network has blocks with attention. */
  static boolean in(Network network) {
    return network.points().all().stream()
        .anyMatch(point -> point.path().equals("blocks.0" + SOFTMAX));
  }

  /** The points of these blocks' attention. */
  static List<String> softmax(List<String> blocks) {
    return blocks.stream().map(block -> block + SOFTMAX).toList();
  }

  /** The mean over heads of something that is done to each of them, {@code [T][T]} flattened. */
  static double[] headMean(float[] perHead, int tokens) {
    double[] mean = new double[tokens * tokens];
    int heads = perHead.length / mean.length;
    for (int i = 0; i < perHead.length; i++) {
      mean[i % mean.length] += perHead[i] / (double) heads;
    }
    return mean;
  }

  /** The values of attention or of its gradient, {@code [heads][T][T]} flattened. */
  static float[] values(INDArray array) {
    return HostCopy.floats(array);
  }

  /** The side of the matrices. */
  static int tokens(INDArray array) {
    return Math.toIntExact(array.size(3));
  }

  /**
   * What reads the image for the classifier, as a row of weights of tokens: the class token, or
   * where there is none all patches alike.
   */
  static double[] reader(int tokens, PatchGrid grid) {
    double[] row = new double[tokens];
    if (grid.prefix() > 0) {
      row[0] = 1;
    } else {
      Arrays.fill(row, 1.0 / tokens);
    }
    return row;
  }

  /** A row times a matrix {@code [T][T]}. */
  static double[] times(double[] row, double[] matrix) {
    double[] product = new double[row.length];
    for (int query = 0; query < row.length; query++) {
      for (int key = 0; key < row.length; key++) {
        product[key] += row[query] * matrix[query * row.length + key];
      }
    }
    return product;
  }

  /** The patches' part of a row of tokens. */
  static RawMap map(LayerSample sample, PatchGrid grid, double[] row) {
    return RawMap.of(sample, Arrays.copyOfRange(row, grid.prefix(), grid.tokens()));
  }

  /** How the tokens of the blocks lie on the image. */
  static PatchGrid grid(Subject subject, List<String> blocks) {
    return subject
        .network()
        .architecture()
        .patches(blocks.get(0) + SOFTMAX)
        .orElseThrow(() -> new CamjarException("the tokens lie on no grid of patches"));
  }
}
