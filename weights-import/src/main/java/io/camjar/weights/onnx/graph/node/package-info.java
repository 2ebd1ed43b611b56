/**
 * One translation a kind of ONNX node, and what a translation knows: its values, names and nodes.
 */
@NullMarked
package io.camjar.weights.onnx.graph.node;

import org.jspecify.annotations.NullMarked;
