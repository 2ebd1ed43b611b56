/** What users type: the options that commands share, read into what the library takes. */
@NullMarked
package io.camjar.gradcam.cli.options;

import org.jspecify.annotations.NullMarked;
