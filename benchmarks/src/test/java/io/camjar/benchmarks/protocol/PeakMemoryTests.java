package io.camjar.benchmarks.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeakMemoryTests {

  @Test
  void isTheHighWaterMarkOfLinux() {
    List<String> status = List.of("Name:\tjava", "VmPeak:\t 9999999 kB", "VmHWM:\t  524288 kB");

    assertThat(PeakMemory.mebibytes(status)).isEqualTo(512);
  }

  @Test
  void isUnknownWhereTheSystemDoesNotTell() {
    assertThat(PeakMemory.mebibytes(List.of("Name:\tjava"))).isNaN();
    assertThat(PeakMemory.mebibytes(-1)).isNaN();
  }
}
