/** Spark against the command line on many drawn images: speed, memory, equal results. */
@NullMarked
package io.camjar.gradcam.spark.load;

import org.jspecify.annotations.NullMarked;
