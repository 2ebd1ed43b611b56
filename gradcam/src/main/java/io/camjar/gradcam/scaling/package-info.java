/** From raw maps to values between 0 and 1: sign, threshold, scale, and several maps made one. */
@NullMarked
package io.camjar.gradcam.scaling;

import org.jspecify.annotations.NullMarked;
