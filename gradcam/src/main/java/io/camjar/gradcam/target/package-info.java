/** Scores to explain: differentiable functions of one picture's logits. */
@NullMarked
package io.camjar.gradcam.target;

import org.jspecify.annotations.NullMarked;
