package io.camjar.gradcam.train;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.flow.FlowReport;

/** Follows a training. */
public interface TrainingListener {

  /**
   * A batch was learned from.
   *
   * @param epoch counted from 1
   * @param done images of the epoch so far
   * @param total images of the epoch
   * @param loss mean of the epoch so far
   * @param accuracy of the epoch so far
   */
  default void batch(int epoch, int done, int total, double loss, double accuracy) {}

  /**
   * An update was watched.
   *
   * @param epoch counted from 1
   * @param batch of the epoch, counted from 1
   * @param update of the run, counted from 0
   * @param loss of the batch
   */
  default void flow(int epoch, int batch, long update, double loss, FlowReport report) {}

  /** An epoch is over; the network is as it was measured. */
  default void epoch(EpochReport report, Network network) {}

  /** Whether training shall save its state and end, asked after each batch. */
  default boolean stops() {
    return false;
  }
}
