package io.camjar.engine.gpu.device;

/**
 * A compiled kernel.
 *
 * @param name its name in the text
 * @param handle what its driver knows it by
 */
public record Kernel(String name, long handle) {}
