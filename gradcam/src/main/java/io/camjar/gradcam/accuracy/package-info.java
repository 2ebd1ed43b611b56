/** How often a network is right on images whose class is known. */
@NullMarked
package io.camjar.gradcam.accuracy;

import org.jspecify.annotations.NullMarked;
