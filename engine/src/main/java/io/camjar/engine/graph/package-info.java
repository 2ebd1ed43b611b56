/** A network's definition: operations on values, and the names that values have. */
@NullMarked
package io.camjar.engine.graph;

import org.jspecify.annotations.NullMarked;
