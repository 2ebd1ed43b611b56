/**
 * How an engine runs in a process of its own and is told over its standard streams what to time.
 *
 * <p>A process an engine: no two pools of OpenMP threads next to each other, no two versions of
 * JavaCPP, and a peak of memory that is the engine's own. Needs nothing but the JDK, so that a
 * peer's process has none of camjar's libraries.
 */
@NullMarked
package io.camjar.benchmarks.protocol;

import org.jspecify.annotations.NullMarked;
