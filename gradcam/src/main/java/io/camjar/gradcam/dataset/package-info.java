/** What maps of many images say together: means, clusters, and how two networks differ. */
@NullMarked
package io.camjar.gradcam.dataset;

import org.jspecify.annotations.NullMarked;
