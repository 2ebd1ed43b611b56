/** Explanations of millions of images on Apache Spark. */
@NullMarked
package io.camjar.gradcam.spark;

import org.jspecify.annotations.NullMarked;
