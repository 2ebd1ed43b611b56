package io.camjar.engine.nd4jcuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.camjar.engine.CamjarException;
import io.camjar.engine.device.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4jBackend;

/** ND4J's CUDA backend is in the class path; what keeps it from computing is told before it is. */
class CudaNd4jDeviceTests {

  @Test
  void theBackendOfTheProfileIsTheOneOfHighestPriority() {
    assertThat(ServiceLoader.load(Nd4jBackend.class).stream().map(p -> p.type().getSimpleName()))
        .contains("JCublasBackend");
  }

  @Test
  void withoutADriverItIsSaidWhatIsMissing() {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "there is a card");
    assertThatThrownBy(() -> Devices.select(Devices.CUDA_ND4J))
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith("there is no CUDA: ");
    assertThat(Devices.selected()).isEqualTo(Devices.CPU);
    assertThat(Devices.find())
        .filteredOn(found -> found.id().equals(Devices.CUDA_ND4J))
        .singleElement()
        .satisfies(found -> assertThat(found.usable()).isFalse());
  }

  @Test
  void aNumberIsRefusedWithTheWayToAnotherCard() {
    assertThatThrownBy(() -> Devices.select("cuda-nd4j:1"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("takes no number")
        .hasMessageContaining("CUDA_VISIBLE_DEVICES");
  }
}
