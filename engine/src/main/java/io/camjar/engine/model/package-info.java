/** Networks: a graph with its parameters, what describes one, and the ResNets with their heads. */
@NullMarked
package io.camjar.engine.model;

import org.jspecify.annotations.NullMarked;
