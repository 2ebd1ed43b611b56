/**
 * The compiled pass: batch norm folded into convolutions, bias, rectifier and residual in their
 * last step, weights packed once, activations in the blocked layout from end to end.
 */
@NullMarked
package io.camjar.engine.plan;

import org.jspecify.annotations.NullMarked;
