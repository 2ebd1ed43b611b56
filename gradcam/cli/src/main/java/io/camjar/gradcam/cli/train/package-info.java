/** {@code ./camjar train} and {@code ./camjar find-lr}. */
@NullMarked
package io.camjar.gradcam.cli.train;

import org.jspecify.annotations.NullMarked;
