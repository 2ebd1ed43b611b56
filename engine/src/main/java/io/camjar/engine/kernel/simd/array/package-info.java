/**
 * The vector kernels behind {@link io.camjar.engine.kernel.Kernels}: arrays in PyTorch's layout go
 * into blocks, through a kernel, and back.
 */
@NullMarked
package io.camjar.engine.kernel.simd.array;

import org.jspecify.annotations.NullMarked;
