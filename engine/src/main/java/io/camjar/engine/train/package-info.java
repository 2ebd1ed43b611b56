/**
 * Training with the hand-written backward passes: a {@link io.camjar.engine.train.Trainer} takes
 * batches, everything else is a part of it.
 */
@NullMarked
package io.camjar.engine.train;

import org.jspecify.annotations.NullMarked;
