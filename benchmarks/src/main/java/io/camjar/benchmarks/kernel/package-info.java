/** Single convolutions, and what this machine could do at best. */
@NullMarked
package io.camjar.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
