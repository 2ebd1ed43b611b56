/** How a convolution is computed: by which algorithm, with which weights, for one size of input. */
@NullMarked
package io.camjar.engine.backend.cpu.conv;

import org.jspecify.annotations.NullMarked;
