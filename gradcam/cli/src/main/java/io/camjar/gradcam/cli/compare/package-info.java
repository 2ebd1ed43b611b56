/** {@code camjar compare}: what two networks make of the same images. */
@NullMarked
package io.camjar.gradcam.cli.compare;

import org.jspecify.annotations.NullMarked;
