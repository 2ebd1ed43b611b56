package io.camjar.benchmarks.kernel;

import io.camjar.engine.kernel.Conv2dGeometry;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A convolution of a ResNet on a square image, written {@code 64x56x56 to 128 k3 s2}.
 *
 * @param inChannels channels in
 * @param side rows and columns in
 * @param outChannels channels out
 * @param kernel rows and columns of the kernel; the padding is half of it
 * @param stride between two outputs
 */
public record ConvolutionShape(int inChannels, int side, int outChannels, int kernel, int stride) {
  private static final Pattern FORM =
      Pattern.compile("(\\d+)x(\\d+)x(\\d+) to (\\d+) k(\\d+) s(\\d+)");

  /** Reads what {@link #toString} wrote. */
  public static ConvolutionShape parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !form.group(2).equals(form.group(3))) {
      throw new IllegalArgumentException(
          "a convolution is written like 64x56x56 to 128 k3 s2, not " + text);
    }
    return new ConvolutionShape(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(4)),
        Integer.parseInt(form.group(5)),
        Integer.parseInt(form.group(6)));
  }

  /** As the kernels take it. */
  public Conv2dGeometry geometry() {
    return Conv2dGeometry.square(inChannels, outChannels, kernel, stride, kernel / 2);
  }

  /** Rows and columns out. */
  public int outSide() {
    return geometry().outH(side);
  }

  /**
   * Floating-point operations for one image, an addition and a multiplication each counting, as the
   * definition needs them: an algorithm that saves some shows a higher rate.
   */
  public long flops() {
    return 2L * outSide() * outSide() * outChannels * inChannels * kernel * kernel;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%dx%dx%d to %d k%d s%d", inChannels, side, side, outChannels, kernel, stride);
  }
}
