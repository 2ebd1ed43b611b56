package io.camjar.gradcam.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Spectra are those that NumPy finds; {@code make_spectrum_goldens.py} made the file. */
class SpectrumTests {
  private static float[] weight(long... shape) {
    int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      double index = i;
      values[i] = (float) (Math.sin(1 + index * index / 7) * 0.1 / (1 + i % 5));
    }
    return values;
  }

  @Test
  void figuresAreThoseOfNumpy() throws IOException {
    try (InputStream in = SpectrumTests.class.getResourceAsStream("/flow/spectra.csv")) {
      List<String> lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .skip(1)
              .toList();
      assertThat(lines).hasSize(6);
      for (String line : lines) {
        String[] cells = line.split(",", -1);
        long[] shape = Arrays.stream(cells[0].split("x", 0)).mapToLong(Long::parseLong).toArray();
        Spectrum spectrum = Spectrum.of(weight(shape), shape).orElseThrow();
        close(spectrum.spectralNorm(), cells[1]);
        close(spectrum.stableRank(), cells[2]);
        if (cells[3].isEmpty()) {
          assertThat(spectrum.powerLaw()).as(line).isNull();
        } else {
          close(Objects.requireNonNull(spectrum.powerLaw()), cells[3]);
        }
      }
    }
  }

  private static void close(double found, String right) {
    double expected = Double.parseDouble(right);
    assertThat(found).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
  }

  @Test
  void anIdentityHasFullStableRank() {
    float[] identity = new float[16];
    for (int i = 0; i < 4; i++) {
      identity[5 * i] = 3;
    }
    Spectrum spectrum = Spectrum.of(identity, 4, 4).orElseThrow();
    assertThat(spectrum.spectralNorm()).isEqualTo(3, within(1e-12));
    assertThat(spectrum.stableRank()).isEqualTo(4, within(1e-12));
  }

  @Test
  void vectorsAndWhatIsNotFiniteHaveNone() {
    assertThat(Spectrum.of(new float[] {1, 2, 3}, 3)).isEmpty();
    assertThat(Spectrum.of(new float[] {1, Float.NaN, 3, 4}, 2, 2)).isEmpty();
    assertThat(Spectrum.of(new float[4], 2, 2)).isEmpty();
  }
}
