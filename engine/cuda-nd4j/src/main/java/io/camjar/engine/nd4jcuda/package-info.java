/** The engine's graphs on ND4J's CUDA backend. */
@NullMarked
package io.camjar.engine.nd4jcuda;

import org.jspecify.annotations.NullMarked;
