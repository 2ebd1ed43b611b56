package io.camjar.engine.gpu.device;

import java.util.List;

/** A way to devices: OpenCL's or CUDA's libraries. */
public interface Driver {

  /** {@code opencl} or {@code cuda}. */
  String kind();

  /**
   * What devices there are, by index.
   *
   * @throws io.camjar.engine.CamjarException that says what is missing, if there is none
   */
  List<Facts> devices();

  /** A device that was listed; the same each time. */
  Device open(Facts device);
}
