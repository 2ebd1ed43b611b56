/** Which kind of file it is, by content, and what it holds. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.container;
