/** What the kernels need of a device, whether OpenCL or CUDA drives it. */
@NullMarked
package io.camjar.engine.gpu.device;

import org.jspecify.annotations.NullMarked;
