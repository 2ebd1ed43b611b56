/** Memory of a device between the passes of a graph: its weights, and that of activations. */
@NullMarked
package io.camjar.engine.gpu.memory;

import org.jspecify.annotations.NullMarked;
