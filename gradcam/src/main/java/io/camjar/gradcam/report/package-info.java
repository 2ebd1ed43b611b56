/** The HTML page: one file that shows a picture's maps along the network, with nothing to load. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.report;
