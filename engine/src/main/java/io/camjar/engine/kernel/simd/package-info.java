/**
 * Kernels on the Vector API ({@code jdk.incubator.vector}): {@code float[]} in a blocked layout,
 * one source for vectors of 512, 256 and 128 bits.
 *
 * <p>Here are the blocked tensor, what all kernels share, and the loops over whole activations;
 * convolutions and transformers have packages of their own.
 *
 * <p>Nothing outside these packages and {@code backend.cpu} may link them before {@link
 * io.camjar.engine.kernel.Kernels#active()} has found the module.
 */
@NullMarked
package io.camjar.engine.kernel.simd;

import org.jspecify.annotations.NullMarked;
