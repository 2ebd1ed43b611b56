/** What an explanation's record says of the program that made it and of what was assumed. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.provenance;
