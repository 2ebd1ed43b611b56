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
 * Gradient-weighted attention over all blocks: {@code R = (I + G_N) ... (I + G_1)} with {@code G_l
 * = E_h[max(dA_l * A_l, 0)]}, {@code A_l} the attention of block l, {@code dA_l} the score's
 * gradient there and {@code E_h} the mean over heads; the map is the class token's row of R.
 *
 * <p>Chefer, Gur and Wolf 2021, arXiv 2103.15679, equations 5 and 6 for self-attention.
 */
final class GradientRollout implements CamMethod {
  @Override
  public String name() {
    return "gradientrollout";
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
    List<String> points = AttentionMaps.softmax(blocks);
    float[] slope = subject.score().gradient(subject.logits());
    try (Trace trace = subject.network().trace(subject.input(), points);
        INDArray seed = HostCopy.array(slope, 1, slope.length);
        Gradients gradients = subject.network().backward(trace, seed)) {
      double[] row = AttentionMaps.reader(grid.tokens(), grid);
      for (int block = blocks.size() - 1; block >= 0; block--) {
        float[] attention = AttentionMaps.values(trace.activation(points.get(block)));
        float[] gradient = AttentionMaps.values(gradients.get(points.get(block)));
        for (int i = 0; i < attention.length; i++) {
          attention[i] = Math.max(attention[i] * gradient[i], 0);
        }
        double[] weighted = AttentionMaps.headMean(attention, grid.tokens());
        double[] carried = AttentionMaps.times(row, weighted);
        for (int i = 0; i < row.length; i++) {
          row[i] += carried[i];
        }
      }
      return AttentionMaps.map(sample, grid, row);
    }
  }
}
