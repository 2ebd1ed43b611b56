package io.camjar.engine.backend.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A heap without room for transformed weights holds none, unless they are asked for. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class MemoryModeTests {
  private static final String PROPERTY = "camjar.memory";
  private static final Graph RESNET = ResNetSpec.named("resnet18", new LinearHead(5)).graph();

  /**
   * 64 MiB, parameters and buffers of this ResNet-18, and twice more its 3x3 convolutions of stride
   * 1: four of 64 channels, three each of 128, 256 and 512.
   */
  private static final long ROOM =
      (64L << 20)
          + 4L
              * (11_176_512
                  + 9_600
                  + 512 * 5
                  + 5
                  + 2 * 9 * (4 * 64 * 64 + 3 * (128 * 128 + 256 * 256 + 512 * 512)));

  @AfterEach
  void asBefore() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void theHeapDecides() {
    assertThat(MemoryMode.of(RESNET, ROOM)).isEqualTo(MemoryMode.FAST);
    assertThat(MemoryMode.of(RESNET, ROOM - 1)).isEqualTo(MemoryMode.LOW);
  }

  @Test
  void thePropertyDecidesBeforeIt() {
    System.setProperty(PROPERTY, "fast");
    assertThat(MemoryMode.of(RESNET, 1)).isEqualTo(MemoryMode.FAST);
    System.setProperty(PROPERTY, "low");
    assertThat(MemoryMode.of(RESNET, Long.MAX_VALUE)).isEqualTo(MemoryMode.LOW);
  }

  @Test
  void aConvolutionOfItsOwnIsFast() {
    assertThat(MemoryMode.alone()).isEqualTo(MemoryMode.FAST);
  }
}
