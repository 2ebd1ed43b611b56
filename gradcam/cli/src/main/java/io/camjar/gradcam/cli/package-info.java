/** The command line {@code ./camjar}; each of its commands has a package below this one. */
@NullMarked
package io.camjar.gradcam.cli;

import org.jspecify.annotations.NullMarked;
