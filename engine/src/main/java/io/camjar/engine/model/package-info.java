/** Networks: a graph with its parameters, what describes one. */
@NullMarked
package io.camjar.engine.model;

import org.jspecify.annotations.NullMarked;
