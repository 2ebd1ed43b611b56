package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.DeviceMemory;

/**
 * Floats on the device in c order, whatever their shape.
 *
 * @param memory where they lie; may be longer
 * @param length how many
 */
public record Tensor(DeviceMemory memory, int length) {}
