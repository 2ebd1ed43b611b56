package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTests {

  @Test
  void theProcessorIsReadFromLinux() {
    List<String> cpuinfo =
        List.of(
            "processor\t: 0",
            "cpu family\t: 25",
            "model\t\t: 17",
            "model name\t: AMD EPYC",
            "",
            "processor\t: 1");

    assertThat(Machine.cpu(cpuinfo)).isEqualTo("AMD EPYC family 25 model 17");
  }

  @Test
  void elsewhereItIsTheArchitecture() {
    assertThat(Machine.cpu(List.of())).isEqualTo(System.getProperty("os.arch"));
  }

  @Test
  void theFileNameHasNothingThatAFileSystemMinds() {
    assertThat(new Machine("Intel(R) Xeon(R) @ 2.0GHz", 4).fileName())
        .isEqualTo("intel-r-xeon-r-2-0ghz");
  }
}
