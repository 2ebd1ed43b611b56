/**
 * The backend on OpenCL and CUDA devices: the same graphs as everywhere, batch norm folded into
 * convolutions, bias, residual and activation in their last step, activations on the device from
 * end to end in c order.
 */
@NullMarked
package io.camjar.engine.gpu;

import org.jspecify.annotations.NullMarked;
