package io.camjar.gradcam.method;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention rollout: {@code R = B_N ... B_1} with {@code B_l = (E_h[A_l] + I) / 2}, {@code A_l} the
 * attention of block l and {@code E_h} the mean over heads; the map is the class token's row of R.
 * It knows no class.
 *
 * <p>Abnar and Zuidema 2020, arXiv 2005.00928, equation 1; heads fused by their mean, nothing
 * discarded, rows of B normalised (as vit-explain means to).
 */
final class AttentionRollout implements ClassBlindCam {
  @Override
  public String name() {
    return "rollout";
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
    try (Trace trace = subject.network().trace(subject.input(), points)) {
      double[] row = AttentionMaps.reader(grid.tokens(), grid);
      for (int block = blocks.size() - 1; block >= 0; block--) {
        INDArray attention = trace.activation(points.get(block));
        int tokens = AttentionMaps.tokens(attention);
        double[] mixed = AttentionMaps.headMean(AttentionMaps.values(attention), tokens);
        double[] carried = AttentionMaps.times(row, mixed);
        for (int i = 0; i < tokens; i++) {
          row[i] = (row[i] + carried[i]) / 2;
        }
      }
      return AttentionMaps.map(sample, grid, row);
    }
  }
}
