/** {@code camjar serve}: explanations over HTTP. */
@NullMarked
package io.camjar.gradcam.cli.serve;

import org.jspecify.annotations.NullMarked;
