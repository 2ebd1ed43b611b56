/** {@code camjar layers}: the layers of a network, with their shapes. */
@NullMarked
package io.camjar.gradcam.cli.layers;

import org.jspecify.annotations.NullMarked;
