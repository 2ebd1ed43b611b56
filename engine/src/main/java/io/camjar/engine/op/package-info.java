/**
 * Operations, one a file: attributes, shape rule, and a forward and backward one after the other.
 * Functions of each number by itself are {@link io.camjar.engine.op.Elementwise}; those without
 * attributes that need no file of their own (the absolute value, Mish) are listed in {@link
 * io.camjar.engine.op.Pointwise}.
 */
@NullMarked
package io.camjar.engine.op;

import org.jspecify.annotations.NullMarked;
