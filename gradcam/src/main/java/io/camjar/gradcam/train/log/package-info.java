/** What training writes down: tables, and the event files that TensorBoard reads. */
@NullMarked
package io.camjar.gradcam.train.log;

import org.jspecify.annotations.NullMarked;
