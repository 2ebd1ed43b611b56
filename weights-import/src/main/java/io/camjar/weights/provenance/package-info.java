/** What was assumed of a file or of an image, and who said so: what records are made of. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.provenance;
