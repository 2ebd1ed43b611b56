/**
 * Parameters as a file names them: parts in their order, the layout they make, and what is left
 * over.
 */
@NullMarked
package io.camjar.weights.names.part;

import org.jspecify.annotations.NullMarked;
