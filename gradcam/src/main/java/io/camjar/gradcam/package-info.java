/** Class activation maps: methods, images, reports and the command line. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam;
