/** {@code camjar convert}: weights written in another format. */
@NullMarked
package io.camjar.gradcam.cli.convert;

import org.jspecify.annotations.NullMarked;
