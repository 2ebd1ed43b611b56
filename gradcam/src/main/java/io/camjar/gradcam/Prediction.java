package io.camjar.gradcam;

/**
 * What the network says of one class.
 *
 * @param target the class
 * @param logit its score before softmax or sigmoid
 * @param probability its share after softmax or sigmoid, 0 to 1; NaN where outputs have none
 */
public record Prediction(ClassLabel target, float logit, double probability) {}
