/** Images and targets of a batch mixed with each other, so that a network does not overfit. */
@NullMarked
package io.camjar.engine.train.mix;

import org.jspecify.annotations.NullMarked;
