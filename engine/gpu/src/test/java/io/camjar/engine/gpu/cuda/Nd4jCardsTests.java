package io.camjar.engine.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.OnDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lwjgl.system.Platform;

/** What is known of a card before ND4J is loaded. */
class Nd4jCardsTests {

  /** By the machine code in libnd4jcuda.so: sm_37, 50, 52, 60, 61, 70, 75, 80 and 86. */
  @ParameterizedTest
  @CsvSource({
    "3.5, false", // Kepler before the K80
    "3.7, true",
    "5.0, true",
    "5.3, true",
    "6.1, true",
    "7.0, true",
    "7.5, true",
    "8.0, true",
    "8.6, true",
    "8.9, true", // Ada runs the code of sm_86
    "9.0, false", // Hopper
    "10.0, false",
    "12.1, false"
  })
  void codeRunsOnLaterCardsOfItsMajorCapability(String capability, boolean runs) {
    assertThat(Nd4jCards.runsOn(capability)).isEqualTo(runs);
  }

  @Test
  void aCardWithoutCodeIsNamedWithItsCapabilityAndTheOtherWay() {
    assertThatThrownBy(() -> Nd4jCards.requireCode("NVIDIA H200", "9.0"))
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith("NVIDIA H200 has compute capability 9.0, and ND4J's CUDA backend")
        .hasMessageContaining("3.7 and 5.0 to 8.9 only")
        .hasMessageContaining("--device cuda computes with kernels that are compiled for the card");
    assertThatCode(() -> Nd4jCards.requireCode("Tesla T4", "7.5")).doesNotThrowAnyException();
  }

  @Test
  void withoutADriverItIsSaidWhatIsMissing() {
    assumeTrue(Platform.get() == Platform.LINUX);
    assumeFalse(
        Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/dev/dxg")),
        "there is a card");
    assertThatThrownBy(Nd4jCards::first)
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith("there is no CUDA: ")
        .hasMessageContaining("--device opencl needs no CUDA");
  }

  @Test
  @OnDevice // LWJGL's natives are there
  void librariesThatCannotBeLoadedAreNamedAsTheirFilesAre() {
    assumeTrue(Platform.get() == Platform.LINUX);
    assertThat(Nd4jCards.missing(List.of("m.6", "camjar-has-no-such.11")))
        .containsExactly("libcamjar-has-no-such.so.11");
  }
}
