/** One pass over one batch: what was cached, by name; its lifetime and its memory. */
@NullMarked
package io.camjar.engine.trace;

import org.jspecify.annotations.NullMarked;
