/** What a process computes on: the CPU, or a device that a module finds as a service. */
@NullMarked
package io.camjar.engine.device;

import org.jspecify.annotations.NullMarked;
