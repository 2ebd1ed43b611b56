package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LeGrad: for each block l the score {@code s_l} that the classifier would give the mean of the
 * block's tokens, {@code G_l = max(d s_l / d A_l, 0)} its gradient at the block's attention; the
 * map of a patch is the mean over heads, queries and blocks of {@code G_l} at its key. One forward,
 * and for each block a backward through that block alone.
 *
 * <p>Bousselham et al. 2024, arXiv 2404.03214; the blocks are all up to that of the layer, and the
 * score as in torch-cam's {@code LeGrad}.
 */
final class LeGrad implements CamMethod {
  private static final String HEAD = "head.weight";
  private static final String BIAS = "head.bias";

  @Override
  public String name() {
    return "legrad";
  }

  @Override
  public boolean usesGradients() {
    return false; // It runs backwards of its own.
  }

  @Override
  public boolean suits(Network network) {
    return AttentionMaps.in(network);
  }

  @Override
  public Optional<String> refusal(Network network, String layer) {
    return AttentionMaps.refusal(network, layer, name())
        .or(
            () ->
                Stream.of(HEAD, BIAS, norm(network) + ".weight", norm(network) + ".bias")
                    .filter(name -> !network.parameters().containsKey(name))
                    .findFirst()
                    .map(LeGrad::missing));
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    List<String> blocks = AttentionMaps.blocks(sample, subject, name());
    PatchGrid grid = AttentionMaps.grid(subject, blocks);
    List<String> points = AttentionMaps.softmax(blocks);
    Map<String, List<String>> toward = new HashMap<>();
    for (int l = 0; l < blocks.size(); l++) {
      toward.put(blocks.get(l), List.of(points.get(l)));
    }
    double[] map = new double[grid.tokens()];
    try (Trace trace = subject.network().trace(subject.input(), Request.ofResults(toward))) {
      for (int l = 0; l < blocks.size(); l++) {
        float[] tokens = HostCopy.floats(trace.output(blocks.get(l)));
        float[] slope = slope(subject, tokens, grid.tokens());
        try (INDArray seed = HostCopy.array(slope, 1, grid.tokens(), slope.length / grid.tokens());
            Gradients gradients = trace.backward(Map.of(blocks.get(l), seed))) {
          add(AttentionMaps.values(gradients.get(points.get(l))), blocks.size(), map);
        }
      }
    }
    return AttentionMaps.map(sample, grid, map);
  }

  /** Adds the mean over heads and queries of what is positive. */
  private static void add(float[] gradient, int blocks, double[] map) {
    double share = map.length / (double) gradient.length / blocks;
    for (int i = 0; i < gradient.length; i++) {
      map[i % map.length] += Math.max(gradient[i], 0) * share;
    }
  }

  /** The gradient of the classifier's score of the mean token at every token. */
  private static float[] slope(Subject subject, float[] tokens, int count) {
    int width = tokens.length / count;
    double[] mean = new double[width];
    for (int i = 0; i < tokens.length; i++) {
      mean[i % width] += tokens[i] / (double) count;
    }
    String norm = norm(subject.network());
    float[] gamma = parameter(subject, norm + ".weight");
    float[] beta = parameter(subject, norm + ".bias");
    float[] head = parameter(subject, HEAD);
    float[] bias = parameter(subject, BIAS);
    double average = 0;
    for (double value : mean) {
      average += value / width;
    }
    double variance = 0;
    for (double value : mean) {
      variance += (value - average) * (value - average) / width;
    }
    double scale = 1 / Math.sqrt(variance + eps(subject, norm));
    double[] normed = new double[width];
    for (int d = 0; d < width; d++) {
      normed[d] = (mean[d] - average) * scale;
    }
    float[] logits = bias.clone();
    for (int c = 0; c < logits.length; c++) {
      for (int d = 0; d < width; d++) {
        logits[c] += (float) (head[c * width + d] * (normed[d] * gamma[d] + beta[d]));
      }
    }
    float[] score = subject.score().gradient(logits);
    double[] slope = new double[width];
    for (int c = 0; c < score.length; c++) {
      for (int d = 0; score[c] != 0 && d < width; d++) {
        slope[d] += (double) score[c] * head[c * width + d] * gamma[d];
      }
    }
    return everywhere(throughNorm(slope, normed, scale), count);
  }

  /** The backward of a layer norm, given the gradient of what its weights multiply. */
  private static double[] throughNorm(double[] slope, double[] normed, double scale) {
    double mean = 0;
    double along = 0;
    for (int d = 0; d < slope.length; d++) {
      mean += slope[d] / slope.length;
      along += slope[d] * normed[d] / slope.length;
    }
    double[] through = new double[slope.length];
    for (int d = 0; d < slope.length; d++) {
      through[d] = scale * (slope[d] - mean - normed[d] * along);
    }
    return through;
  }

  private static float[] everywhere(double[] slope, int count) {
    float[] all = new float[count * slope.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) (slope[i % slope.length] / count);
    }
    return all;
  }

  private static double eps(Subject subject, String norm) {
    return subject.network().graph().nodes().stream()
        .filter(node -> node.path().equals(norm) && node.op() instanceof LayerNorm)
        .map(node -> ((LayerNorm) node.op()).eps())
        .findFirst()
        .orElse(1e-6);
  }

  /** What the norm in front of the classifier is called. */
  private static String norm(Network network) {
    return network.parameters().containsKey("norm.weight") ? "norm" : "fc_norm";
  }

  private static String missing(String name) {
    return "legrad scores every block with the classifier, and this network has no %s; use rollout"
        .formatted(name);
  }

  private static float[] parameter(Subject subject, String name) {
    INDArray found = subject.network().parameters().get(name);
    if (found == null) {
      throw new CamjarException(missing(name));
    }
    return HostCopy.floats(found);
  }
}
