/** How the learning rate changes from update to update. */
@NullMarked
package io.camjar.engine.train.schedule;

import org.jspecify.annotations.NullMarked;
