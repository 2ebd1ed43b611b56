/**
 * Convolutions of 3x3 by Winograd's method: F(2x2), F(3x3) and F(4x4), their transforms, the
 * products of matrices between them, and the gradient of the weights.
 */
@NullMarked
package io.camjar.engine.kernel.simd.winograd;

import org.jspecify.annotations.NullMarked;
