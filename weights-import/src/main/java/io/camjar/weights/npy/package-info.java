/** NumPy's array files. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.npy;
