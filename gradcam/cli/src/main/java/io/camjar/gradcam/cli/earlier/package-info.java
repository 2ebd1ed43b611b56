/** Results of earlier runs in the folder of results: what must not be replaced, and what stays. */
@NullMarked
package io.camjar.gradcam.cli.earlier;

import org.jspecify.annotations.NullMarked;
