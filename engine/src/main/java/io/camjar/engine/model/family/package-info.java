/** Families of networks besides the ResNets, as their authors and torchvision name their layers. */
@NullMarked
package io.camjar.engine.model.family;

import org.jspecify.annotations.NullMarked;
