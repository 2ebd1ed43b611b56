/** Numbers as files hold them, of any width, and their way to 8 bits; limits before either. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.image.samples;
