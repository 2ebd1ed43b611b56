/**
 * What transformers do to blocked activations: sums over the channels of each place, and products
 * of matrices whose rows are places.
 */
@NullMarked
package io.camjar.engine.kernel.simd.token;

import org.jspecify.annotations.NullMarked;
