/** Optimisers: how gradients change parameters. */
@NullMarked
package io.camjar.engine.train.optimizer;

import org.jspecify.annotations.NullMarked;
