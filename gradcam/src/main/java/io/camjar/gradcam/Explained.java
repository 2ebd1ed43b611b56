package io.camjar.gradcam;

import io.camjar.gradcam.target.Score;

/**
 * A score to explain, with the class it belongs to.
 *
 * @param label what records and images call it
 * @param score what is explained
 */
public record Explained(ClassLabel label, Score score) {}
