/** What users say of layers, as paths of a network. */
@NullMarked
package io.camjar.gradcam.layers;

import org.jspecify.annotations.NullMarked;
