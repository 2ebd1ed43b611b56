package io.camjar.engine.gpu.device;

/**
 * Memory of a device.
 *
 * @param handle what its driver knows it by
 * @param bytes how many
 */
public record DeviceMemory(long handle, long bytes) {}
