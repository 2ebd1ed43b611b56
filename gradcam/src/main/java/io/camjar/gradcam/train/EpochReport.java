package io.camjar.gradcam.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What an epoch gave.
 *
 * @param epoch counted from 1
 * @param trainLoss mean over the images that were learned from, as they were learned from
 * @param valLoss mean cross-entropy of the images to measure with, without label smoothing
 * @param accuracy share of these that are right, 0 to 1
 * @param imagesPerSecond learned from, the measuring aside
 * @param trainAccuracy share of the changed images that were right when they were learned from
 * @param rate the largest learning rate at the end
 * @param gradientNorm of the last update
 * @param skipped images that could not be read so far
 */
@JsonPropertyOrder({
  "epoch",
  "train_loss",
  "val_loss",
  "accuracy",
  "images_per_second",
  "train_accuracy",
  "rate",
  "gradient_norm",
  "skipped"
})
public record EpochReport(
    @JsonProperty("epoch") int epoch,
    @JsonProperty("train_loss") double trainLoss,
    @JsonProperty("val_loss") double valLoss,
    @JsonProperty("accuracy") double accuracy,
    @JsonProperty("images_per_second") double imagesPerSecond,
    @JsonProperty("train_accuracy") double trainAccuracy,
    @JsonProperty("rate") double rate,
    @JsonProperty("gradient_norm") double gradientNorm,
    @JsonProperty("skipped") int skipped) {}
