/** Regions of mapped or in-memory bytes, and what every reader of untrusted bytes needs. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.bytes;
