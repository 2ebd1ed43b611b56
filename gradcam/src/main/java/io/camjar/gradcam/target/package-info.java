/** Scores to explain: differentiable functions of one image's logits. */
@NullMarked
package io.camjar.gradcam.target;

import org.jspecify.annotations.NullMarked;
