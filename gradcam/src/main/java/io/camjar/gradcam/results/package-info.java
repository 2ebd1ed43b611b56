/** What became of each image of a run, as tables and as a log that a later run goes on with. */
@NullMarked
package io.camjar.gradcam.results;

import org.jspecify.annotations.NullMarked;
