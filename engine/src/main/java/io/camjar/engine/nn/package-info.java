/** Layers, one a file, each with its forward beside its backward; parameters only, no caches. */
@NullMarked
package io.camjar.engine.nn;

import org.jspecify.annotations.NullMarked;
