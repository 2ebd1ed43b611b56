/** Zip archives read from a region of bytes, every length checked before it is believed. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.zip;
