package io.camjar.gradcam.accuracy;

import io.camjar.gradcam.Prediction;

/**
 * What a network makes of an image whose class is known.
 *
 * @param picture its path below the folder
 * @param actual the index of the class it shows
 * @param predicted the class of the largest logit, the first of equals
 */
public record Answer(String picture, int actual, Prediction predicted) {
  /** Whether the network is right. */
  public boolean right() {
    return predicted.target().index() == actual;
  }
}
