/** Camjar next to its peers: what {@code benchmarks/compare} runs. */
@NullMarked
package io.camjar.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
