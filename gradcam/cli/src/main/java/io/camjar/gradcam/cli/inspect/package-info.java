/** {@code camjar inspect}: what a weights file holds. */
@NullMarked
package io.camjar.gradcam.cli.inspect;

import org.jspecify.annotations.NullMarked;
