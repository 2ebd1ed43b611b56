/** From the names in a file to the names of the engine: prefixes, families, detection, mapping. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.names;
