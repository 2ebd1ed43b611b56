/** The HTML page: one file that shows an image's maps along the network, with nothing to load. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.report;
