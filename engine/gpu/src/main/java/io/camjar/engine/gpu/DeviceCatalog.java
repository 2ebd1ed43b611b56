package io.camjar.engine.gpu;

import io.camjar.engine.CamjarException;
import io.camjar.engine.device.DeviceSource;
import io.camjar.engine.gpu.cuda.CudaDriver;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.Driver;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.math.Precision;
import io.camjar.engine.gpu.opencl.OpenClDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The devices of OpenCL and CUDA. */
public final class DeviceCatalog implements DeviceSource {
  static final Set<String> KINDS = Set.of("opencl", "cuda");

  /** Drivers of the process. Nothing is loaded before one is asked. */
  private static final List<Driver> DRIVERS = List.of(new CudaDriver(), new OpenClDriver());

  /** The kind of a device's name, {@code opencl} of {@code opencl:1}. */
  static String kind(String id) {
    int colon = id.indexOf(':');
    return colon < 0 ? id : id.substring(0, colon);
  }

  /**
   * The device of this name; the first of its kind where there is no number.
   *
   * @throws CamjarException that says what is missing if it cannot be used
   */
  public static Device open(String id) {
    for (Driver driver : DRIVERS) {
      if (driver.kind().equals(kind(id))) {
        List<Facts> devices = driver.devices();
        int index = id.contains(":") ? Integer.parseInt(id.substring(id.indexOf(':') + 1)) : 0;
        if (index >= devices.size()) {
          throw new CamjarException(
              "there is no device %s: there are %d of that kind, counted from 0; ./camjar devices"
                      .formatted(id, devices.size())
                  + " lists them");
        }
        return driver.open(devices.get(index));
      }
    }
    throw new IllegalArgumentException("no driver serves " + id);
  }

  @Override
  public Set<String> kinds() {
    return KINDS;
  }

  @Override
  public List<Found> find() {
    List<Found> all = new ArrayList<>();
    for (Driver driver : DRIVERS) {
      try {
        driver.devices().forEach(facts -> all.add(new Found(facts.id(), true, text(facts))));
      } catch (CamjarException e) {
        all.add(new Found(driver.kind(), false, e.getMessage()));
      }
    }
    return all;
  }

  private static String text(Facts facts) {
    return "%s, %d compute units, %d MiB (%s)"
        .formatted(facts.name(), facts.units(), facts.memory() >> 20, facts.driver());
  }

  /** The number and name, and the precision unless that is float32. */
  @Override
  public String describe(String id) {
    Precision precision = Precision.selected();
    Facts facts = open(id).facts();
    String name = "%s (%s)".formatted(facts.id(), facts.name());
    return precision == Precision.FLOAT32 ? name : name + ", " + precision;
  }
}
