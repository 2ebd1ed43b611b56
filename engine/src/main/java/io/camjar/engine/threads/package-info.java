/** The one pool of threads that the arithmetic of a process runs on. */
@NullMarked
package io.camjar.engine.threads;

import org.jspecify.annotations.NullMarked;
