/**
 * How values lie in memory: the form of each, its shape in blocks, and memory that passes share.
 */
@NullMarked
package io.camjar.engine.backend.cpu.memory;

import org.jspecify.annotations.NullMarked;
