/** Arithmetic that several packages need. */
@NullMarked
package io.camjar.gradcam.math;

import org.jspecify.annotations.NullMarked;
