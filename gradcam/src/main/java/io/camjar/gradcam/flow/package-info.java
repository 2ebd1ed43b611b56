/** How activations and gradients flow through a network: statistics by point, and findings. */
@NullMarked
package io.camjar.gradcam.flow;

import org.jspecify.annotations.NullMarked;
