/** The backend that runs every graph, operation by operation on ND4J arrays. */
@NullMarked
package io.camjar.engine.backend.array;

import org.jspecify.annotations.NullMarked;
