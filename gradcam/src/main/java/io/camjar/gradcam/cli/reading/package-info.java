/** How the command line reads image files: its options, and what is said about a file. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.cli.reading;
