/** Camjar as an engine of the comparison. */
@NullMarked
package io.camjar.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
