package io.camjar.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of devices, where no module that knows any is in the class path. */
class DevicesTests {

  @ParameterizedTest
  @ValueSource(strings = {"opencl:x", "opencl:", "opencl:-1", "opencl:0:1", "Cuda", "", "cuda 1"})
  void whatNamesNoDeviceIsRefusedAsSuch(String id) {
    assertThatThrownBy(() -> Devices.select(id))
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith("'" + id + "' names no device");
    assertThat(Devices.selected()).isEqualTo(Devices.CPU);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl", "opencl:0", "cuda:12"})
  void aDeviceNeedsItsModule(String id) {
    assertThatThrownBy(() -> Devices.select(id))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("camjar-engine-gpu is not in the class path");
  }

  @Test
  void theProcessorIsAlwaysThere() {
    assertThat(Devices.describe()).isEqualTo(Devices.CPU);
  }
}
