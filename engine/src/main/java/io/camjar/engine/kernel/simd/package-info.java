/**
 * Kernels on the Vector API ({@code jdk.incubator.vector}): {@code float[]} in a blocked layout,
 * one source for vectors of 512, 256 and 128 bits.
 *
 * <p>Nothing outside this package and {@code plan} may link it before {@link
 * io.camjar.engine.kernel.Kernels#active()} has found the module.
 */
@NullMarked
package io.camjar.engine.kernel.simd;

import org.jspecify.annotations.NullMarked;
