/** {@code camjar explain}: maps of one image or many, and their files. */
@NullMarked
package io.camjar.gradcam.cli.explain;

import org.jspecify.annotations.NullMarked;
