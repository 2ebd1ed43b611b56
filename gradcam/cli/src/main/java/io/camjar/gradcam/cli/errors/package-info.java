/** What goes wrong, as one sentence on stderr and an exit code, and what an early end tidies up. */
@NullMarked
package io.camjar.gradcam.cli.errors;

import org.jspecify.annotations.NullMarked;
