/** {@code camjar devices}. */
@NullMarked
package io.camjar.gradcam.cli.devices;

import org.jspecify.annotations.NullMarked;
