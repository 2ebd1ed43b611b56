/** Training a network on folders of images, with checkpoints from which it goes on exactly. */
@NullMarked
package io.camjar.gradcam.train;

import org.jspecify.annotations.NullMarked;
