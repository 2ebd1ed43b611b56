/** The networks that are served, by name; each is loaded again when its file changes. */
@NullMarked
package io.camjar.gradcam.serve.models;

import org.jspecify.annotations.NullMarked;
