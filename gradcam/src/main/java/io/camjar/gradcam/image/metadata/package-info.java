/** What image files say apart from their pixels: containers, and which way is up. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.image.metadata;
