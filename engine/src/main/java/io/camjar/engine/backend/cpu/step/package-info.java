/**
 * One step an operation, its forward and its backward on blocked activations; those that {@link
 * io.camjar.engine.backend.cpu.step.Foldable} names take a residual and a ReLU along.
 */
@NullMarked
package io.camjar.engine.backend.cpu.step;

import org.jspecify.annotations.NullMarked;
