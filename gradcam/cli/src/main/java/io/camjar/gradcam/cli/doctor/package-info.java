/** {@code camjar doctor}: which mistake in preparing images explains a result. */
@NullMarked
package io.camjar.gradcam.cli.doctor;

import org.jspecify.annotations.NullMarked;
