/** The family of class activation maps: how activations and gradients become one map. */
@NullMarked
package io.camjar.gradcam.method;

import org.jspecify.annotations.NullMarked;
