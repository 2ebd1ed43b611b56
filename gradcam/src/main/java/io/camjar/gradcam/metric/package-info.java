/** How faithful a map is to the network it explains. */
@NullMarked
package io.camjar.gradcam.metric;

import org.jspecify.annotations.NullMarked;
