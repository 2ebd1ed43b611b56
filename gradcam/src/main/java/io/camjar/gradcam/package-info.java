/** Class activation maps: explainers, explanations and their records. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam;
