/** From the bytes of an image file to 8-bit pixels, and what was decided on the way. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.image.decode;
