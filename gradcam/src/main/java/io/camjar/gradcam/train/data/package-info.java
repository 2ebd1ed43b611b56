/** Images for training: found in folders or tars, decoded in parallel, changed at random. */
@NullMarked
package io.camjar.gradcam.train.data;

import org.jspecify.annotations.NullMarked;
