package io.camjar.gradcam;

/**
 * What the network says of one class.
 *
 * @param target the class
 * @param logit its score before softmax
 * @param probability its share after softmax over all classes, 0 to 1
 */
public record Prediction(ClassLabel target, float logit, double probability) {}
