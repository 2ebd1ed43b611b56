package io.camjar.engine.device;

import java.util.List;
import java.util.Set;

/** A module that finds devices besides the CPU; a service. */
public interface DeviceSource {

  /** The kinds of devices that it knows, such as {@code opencl}. */
  Set<String> kinds();

  /** What it finds of each kind: devices, or one line that says what is missing. */
  List<Found> find();

  /**
   * What a device is called.
   *
   * @param id a kind, or a kind and a number, {@code opencl:1}
   * @throws io.camjar.engine.CamjarException that says what is missing if it cannot be used
   */
  String describe(String id);

  /**
   * What a search found.
   *
   * @param id {@code opencl:0}; of a kind that has no device its name
   * @param usable whether it is a device that can be computed on
   * @param text name, driver and size of a device, else what is missing
   */
  record Found(String id, boolean usable, String text) {}
}
