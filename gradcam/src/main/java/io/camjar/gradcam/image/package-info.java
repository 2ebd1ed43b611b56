/** Images in: decoding, Pillow-exact resizing and the preprocessing presets. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.image;
