package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Grad-CAM on the attention of one block: each head's row of the class token is a feature map of
 * the patches, its weight the mean of its gradient there; the map is the mean over heads of weight
 * times attention.
 *
 * <p>The baseline {@code cam_attn} of Chefer, Gur and Wolf 2021, arXiv 2012.09838.
 */
final class AttentionCam implements CamMethod {
  @Override
  public String name() {
    return "attentioncam";
  }

  @Override
  public boolean usesGradients() {
    return false; // It runs a backward of its own.
  }

  @Override
  public boolean suits(Network network) {
    return AttentionMaps.in(network);
  }

  @Override
  public Optional<String> refusal(Network network, String layer) {
    return AttentionMaps.refusal(network, layer, name());
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    List<String> blocks = AttentionMaps.blocks(sample, subject, name());
    PatchGrid grid = AttentionMaps.grid(subject, blocks);
    String point = AttentionMaps.softmax(blocks).get(blocks.size() - 1);
    float[] slope = subject.score().gradient(subject.logits());
    try (Trace trace = subject.network().trace(subject.input(), List.of(point));
        INDArray seed = HostCopy.array(slope, 1, slope.length);
        Gradients gradients = subject.network().backward(trace, seed)) {
      float[] attention = AttentionMaps.values(trace.activation(point));
      float[] gradient = AttentionMaps.values(gradients.get(point));
      int tokens = grid.tokens();
      double[] reader = AttentionMaps.reader(tokens, grid);
      int heads = attention.length / (tokens * tokens);
      double[] map = new double[tokens];
      for (int head = 0; head < heads; head++) {
        double[] seen = row(attention, head, tokens, reader);
        double[] slopes = row(gradient, head, tokens, reader);
        double weight = 0;
        for (int key = grid.prefix(); key < tokens; key++) {
          weight += slopes[key] / (tokens - grid.prefix());
        }
        for (int key = 0; key < tokens; key++) {
          map[key] += weight * seen[key] / heads;
        }
      }
      return AttentionMaps.map(sample, grid, map);
    }
  }

  /** What reads the image for the classifier, of one head. */
  private static double[] row(float[] values, int head, int tokens, double[] reader) {
    double[] row = new double[tokens];
    for (int query = 0; query < tokens; query++) {
      int from = (head * tokens + query) * tokens;
      for (int key = 0; reader[query] != 0 && key < tokens; key++) {
        row[key] += reader[query] * values[from + key];
      }
    }
    return row;
  }
}
