/** How a process of the command line starts: which kernels suit its work, and in which JVM. */
@NullMarked
package io.camjar.gradcam.cli.start;

import org.jspecify.annotations.NullMarked;
