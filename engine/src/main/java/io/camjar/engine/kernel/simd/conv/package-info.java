/**
 * Direct convolutions of blocked activations, dense, of few channels, grouped and depthwise, and
 * the gradients of their weights.
 */
@NullMarked
package io.camjar.engine.kernel.simd.conv;

import org.jspecify.annotations.NullMarked;
