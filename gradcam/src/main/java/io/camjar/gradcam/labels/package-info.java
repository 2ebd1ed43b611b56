/** Names of classes as files keep them: lists, lines and JSON of many makers. */
@NullMarked
package io.camjar.gradcam.labels;

import org.jspecify.annotations.NullMarked;
