/** What is written of an explanation, as named bytes: into memory, a response, or files. */
@NullMarked
package io.camjar.gradcam.files;

import org.jspecify.annotations.NullMarked;
