/** {@code camjar gradflow}: how activations and gradients flow through a network. */
@NullMarked
package io.camjar.gradcam.cli.gradflow;

import org.jspecify.annotations.NullMarked;
