package io.camjar.engine.kernel;

import io.camjar.engine.kernel.simd.winograd.Winograd;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The vector kernels at a forced width, any number of widths in one process.
 *
 * <p>The width is a constant of the loaded classes, so each width gets classes of its own.
 */
public final class SimdWidths extends ClassLoader {
  private static final String PACKAGE = "io.camjar.engine.kernel.simd.";
  private static final String PROPERTY = "camjar.vector.bits";

  /** One a width for all tests: the kernels take seconds to compile, each loader's anew. */
  private static final Map<Integer, SimdWidths> LOADERS = new ConcurrentHashMap<>();

  private SimdWidths() {
    super(SimdWidths.class.getClassLoader());
  }

  /** The kernels on vectors of 512, 256 or 128 bits. */
  public static Kernels kernels(int bits) {
    try {
      return (Kernels) load(bits, "array.SimdKernels").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The loops of the cpu backend on vectors of 512, 256 or 128 bits. */
  public static Kernels blocked(int bits) {
    try {
      return (Kernels) load(bits, "BlockedKernels").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Summaries of what lies in blocks of channels. */
  public interface Summaries {

    /** The summary of values {@code [N, C, H, W]}. */
    Summary of(float[] values, Measure measure, int n, int c, int h, int w);

    /** The same with that of the values behind a ReLU. */
    SummaryWithRelu withRelu(float[] values, Measure measure, int n, int c, int h, int w);
  }

  /** Summaries on vectors of 512, 256 or 128 bits. */
  static Summaries summaries(int bits) {
    try {
      return (Summaries) load(bits, "BlockedSummaries").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the other, by Winograd's method where it applies. */
  public static Kernels kernels(int bits, Winograd method) {
    try {
      Class<?> methods = load(bits, "winograd.Winograd");
      Object same = methods.getMethod("valueOf", String.class).invoke(null, method.name());
      Class<?> kernels = methods.getClassLoader().loadClass(PACKAGE + "array.SimdKernels");
      return (Kernels) kernels.getDeclaredConstructor(methods).newInstance(same);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many floats a vector of kernels of this width really has. */
  static int lanes(int bits) {
    try {
      return load(bits, "Lanes").getField("COUNT").getInt(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(int bits, String name) throws ClassNotFoundException {
    return LOADERS.computeIfAbsent(bits, SimdWidths::ofWidth).loadClass(PACKAGE + name);
  }

  private static SimdWidths ofWidth(int bits) {
    String before = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, Integer.toString(bits));
    try {
      SimdWidths loader = new SimdWidths();
      Class.forName(PACKAGE + "Lanes", true, loader);
      return loader;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    } finally {
      if (before == null) {
        System.clearProperty(PROPERTY);
      } else {
        System.setProperty(PROPERTY, before);
      }
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
