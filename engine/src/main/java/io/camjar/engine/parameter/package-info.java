/** A network's parameters, each held once: as an array, or where it is read from. */
@NullMarked
package io.camjar.engine.parameter;

import org.jspecify.annotations.NullMarked;
