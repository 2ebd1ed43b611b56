/**
 * Operations, one a file: attributes, shape rule, and a forward and backward one after the other.
 */
@NullMarked
package io.camjar.engine.op;

import org.jspecify.annotations.NullMarked;
