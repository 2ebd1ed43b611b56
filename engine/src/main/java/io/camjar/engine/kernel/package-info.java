/** The arithmetic behind the layers: one interface and its implementations. */
@NullMarked
package io.camjar.engine.kernel;

import org.jspecify.annotations.NullMarked;
