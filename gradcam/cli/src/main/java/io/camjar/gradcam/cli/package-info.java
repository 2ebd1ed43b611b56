/** The command line: {@code ./camjar explain}, {@code inspect}, {@code convert}, {@code layers}. */
@NullMarked
package io.camjar.gradcam.cli;

import org.jspecify.annotations.NullMarked;
