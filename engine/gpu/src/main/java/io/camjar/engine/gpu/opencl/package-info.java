/** Devices through OpenCL. */
@NullMarked
package io.camjar.engine.gpu.opencl;

import org.jspecify.annotations.NullMarked;
