/** What files say about how images are prepared for their network. */
@NullMarked
package io.camjar.weights.container.preparation;

import org.jspecify.annotations.NullMarked;
