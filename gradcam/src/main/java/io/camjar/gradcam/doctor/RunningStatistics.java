package io.camjar.gradcam.doctor;

import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What batch norms remember of training. One whose running mean is 0 and running variance 1
 * throughout has seen no image in train mode, or was folded into the convolution before it.
 */
final class RunningStatistics {
  private static final String MEAN = ".running_mean";

  private final Set<String> fresh = new HashSet<>();
  private int norms;

  /** Fresh norms whose scale is 1 and shift 0 too: nothing of them was ever trained. */
  private int untouched;

  private RunningStatistics() {}

  /**
   * Looks through a network.
   *
   * @param tensors the network's, under the engine's names
   */
  static RunningStatistics of(StateDict tensors) {
    RunningStatistics found = new RunningStatistics();
    for (TensorEntry mean : tensors.entries()) {
      if (mean.name().endsWith(MEAN)) {
        found.see(tensors, mean);
      }
    }
    return found;
  }

  private void see(StateDict tensors, TensorEntry mean) {
    String norm = mean.name().substring(0, mean.name().length() - MEAN.length());
    norms++;
    if (all(Optional.of(mean), 0) && all(tensors.find(norm + ".running_var"), 1)) {
      fresh.add(norm);
      if (all(tensors.find(norm + ".weight"), 1) && all(tensors.find(norm + ".bias"), 0)) {
        untouched++;
      }
    }
  }

  private static boolean all(Optional<TensorEntry> tensor, float value) {
    if (tensor.isEmpty()) {
      return false;
    }
    for (float one : tensor.get().toFloats()) {
      if (one != value) {
        return false;
      }
    }
    return true;
  }

  /** Whether a norm's statistics are those that it is made with. */
  boolean isFresh(String norm) {
    return fresh.contains(norm);
  }

  /** The verdict. */
  MistakeCheck finding() {
    if (norms == 0) {
      return MistakeCheck.untested("statistics", "the network has no running statistics");
    }
    String measured =
        "%d of %d norms have the running statistics of a fresh network"
            .formatted(fresh.size(), norms);
    if (fresh.isEmpty()) {
      return new MistakeCheck("statistics", MistakeCheck.FINE, measured);
    }
    if (untouched == norms) {
      return new MistakeCheck(
          "statistics",
          MistakeCheck.WRONG,
          measured + ", and its scales and shifts: it was never trained in train mode");
    }
    return new MistakeCheck(
        "statistics",
        MistakeCheck.SUSPICIOUS,
        measured
            + ": folded into the weights, or never updated in train mode, and eval mode computes"
            + " with them");
  }
}
