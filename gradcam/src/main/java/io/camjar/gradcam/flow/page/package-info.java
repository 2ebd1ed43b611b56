/**
 * The page of a gradient flow: one file that works offline, and follows a training that goes on.
 */
@NullMarked
package io.camjar.gradcam.flow.page;

import org.jspecify.annotations.NullMarked;
