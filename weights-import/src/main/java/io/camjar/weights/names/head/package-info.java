/** What follows the body: pools, linear layers, norms and dropout, by their shapes and names. */
@NullMarked
package io.camjar.weights.names.head;

import org.jspecify.annotations.NullMarked;
