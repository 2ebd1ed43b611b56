/**
 * ONNX Runtime and PyTorch as engines of the comparison, each with its best documented settings.
 */
@NullMarked
package io.camjar.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
