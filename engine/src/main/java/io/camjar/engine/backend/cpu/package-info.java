/**
 * The backend on the Vector API: batch norm folded into convolutions, bias, ReLU and residual in
 * their last step, weights packed once, activations in the blocked layout from end to end.
 */
@NullMarked
package io.camjar.engine.backend.cpu;

import org.jspecify.annotations.NullMarked;
