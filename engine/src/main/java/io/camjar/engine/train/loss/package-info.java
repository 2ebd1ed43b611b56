/** What training makes small: losses on logits, with their gradients. */
@NullMarked
package io.camjar.engine.train.loss;

import org.jspecify.annotations.NullMarked;
