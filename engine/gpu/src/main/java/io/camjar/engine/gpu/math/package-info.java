/** The arithmetic of the device: one method a kernel. */
@NullMarked
package io.camjar.engine.gpu.math;

import org.jspecify.annotations.NullMarked;
