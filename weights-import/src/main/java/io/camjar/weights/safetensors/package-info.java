/** The safetensors format, read by mapping and written byte-exactly. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.safetensors;
