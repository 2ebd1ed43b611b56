package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import java.nio.file.Path;

/** The pictures of the documentation, which show what camjar draws now. */
public final class DocsPicture {
  private DocsPicture() {}

  /**
   * Asserts that {@code gradcam/docs/NAME} is {@code now}, up to how processors round sums; with
   * {@code -Dcamjar.docs=write} puts it there first.
   */
  public static void shows(String name, RgbImage now) {
    Path file = Path.of(System.getProperty("camjar.root"), "gradcam", "docs").resolve(name);
    if ("write".equals(System.getProperty("camjar.docs"))) {
      Png.write(now, file);
    }
    RgbImage committed = Images.read(file);

    assertThat(committed.width()).isEqualTo(now.width());
    assertThat(committed.height()).isEqualTo(now.height());
    assertThat(difference(committed.toBytes(), now.toBytes())).isLessThan(0.5);
    assertThat(file.toFile().length()).isLessThan(500_000);
  }

  /** The mean difference of two samples, 0 to 255. */
  private static double difference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }
}
