/** Explanations over HTTP. */
@NullMarked
package io.camjar.gradcam.serve;

import org.jspecify.annotations.NullMarked;
