package io.camjar.engine.device;

import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * What the process computes on: the CPU, unless the property {@code camjar.device} or {@link
 * #select} names a device. Modules that know others are found as services ({@link DeviceSource}).
 */
public final class Devices {
  /** Holds what is chosen, {@code cpu} or such as {@code opencl:0}. */
  public static final String PROPERTY = "camjar.device";

  /** Holds how a device rounds the operands of convolutions; the CPU does not ask it. */
  public static final String PRECISION = "camjar.device.precision";

  /** The precision where nothing else is asked for. */
  public static final String FLOAT32 = "float32";

  /** What computes where nothing else is asked for. */
  public static final String CPU = "cpu";

  /** ND4J's own backend for cards, which only its module brings. */
  public static final String CUDA_ND4J = "cuda-nd4j";

  private static final String CUDA_ND4J_MODULE = "camjar-engine-cuda-nd4j";

  /** What a name looks like. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*(:[0-9]{1,3})?");

  private Devices() {}

  /** Whether this could be a device's name: a kind, or a kind and a number. */
  public static boolean isName(String id) {
    return NAME.matcher(id).matches();
  }

  /** What is chosen, as it was named. */
  public static String selected() {
    return System.getProperty(PROPERTY, CPU).trim();
  }

  /** How a device rounds the operands of convolutions, such as {@code float32}. */
  public static String precision() {
    return System.getProperty(PRECISION, FLOAT32).trim();
  }

  /**
   * Has all networks that are run from now on computed there, as far as the device can.
   *
   * @return what the device is called
   * @throws CamjarException that says what is missing if it cannot be used
   */
  public static String select(String id) {
    String name = describe(id);
    System.setProperty(PROPERTY, id);
    return name;
  }

  /** What computes: {@code cpu}, or a device's number and name, {@code opencl:0 (...)}. */
  public static String describe() {
    return describe(selected());
  }

  private static String describe(String id) {
    if (id.equals(CPU)) {
      return CPU;
    }
    if (!isName(id)) {
      throw new CamjarException(
          "'%s' names no device: it is cpu, or a kind and a number such as opencl:0".formatted(id));
    }
    String kind = id.contains(":") ? id.substring(0, id.indexOf(':')) : id;
    for (DeviceSource source : sources()) {
      if (source.kinds().contains(kind)) {
        return source.describe(id);
      }
    }
    throw new CamjarException(
        ("nothing that is installed computes on %s: the module %s is not in the class path;"
                + " ./camjar adds it by itself, a program of yours has to depend on it")
            .formatted(id, kind.equals(CUDA_ND4J) ? CUDA_ND4J_MODULE : "camjar-engine-gpu"));
  }

  /** What all modules find. */
  public static List<DeviceSource.Found> find() {
    List<DeviceSource.Found> all = new ArrayList<>();
    sources().forEach(source -> all.addAll(source.find()));
    return all;
  }

  private static List<DeviceSource> sources() {
    return ServiceLoader.load(DeviceSource.class, Devices.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
