/** Devices: each convolution alone, whole workloads, and the check of a machine with a card. */
@NullMarked
package io.camjar.benchmarks.gpu;

import org.jspecify.annotations.NullMarked;
