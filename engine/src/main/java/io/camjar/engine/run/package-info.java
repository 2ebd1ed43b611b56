/**
 * Running a graph: one schedule, one forward and one backward for every backend, and what a caller
 * sees of a pass.
 */
@NullMarked
package io.camjar.engine.run;

import org.jspecify.annotations.NullMarked;
