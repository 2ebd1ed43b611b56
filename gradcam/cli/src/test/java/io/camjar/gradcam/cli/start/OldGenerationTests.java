package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The old generation is collected when garbage has grown in it, and not for what is alive. */
class OldGenerationTests {
  private static final long MIB = 1L << 20;

  @Test
  void isDueByTheGarbageAlone() {
    assertThat(OldGeneration.isDue(128 * MIB, 0)).isFalse();
    assertThat(OldGeneration.isDue(129 * MIB, 0)).isTrue();
    assertThat(OldGeneration.isDue(400 * MIB, 300 * MIB)).isFalse();
    assertThat(OldGeneration.isDue(429 * MIB, 300 * MIB)).isTrue();
  }

  @Test
  void waitsLongerWhereMuchIsAlive() {
    assertThat(OldGeneration.isDue(2500 * MIB, 2000 * MIB)).isFalse();
    assertThat(OldGeneration.isDue(2501 * MIB, 2000 * MIB)).isTrue();
  }

  @Test
  void collectsOftenEnoughThatGarbageStaysBounded() {
    AtomicLong used = new AtomicLong();
    AtomicLong live = new AtomicLong();
    List<Long> peaks = new ArrayList<>();

    OldGeneration.look(
        used::get,
        live::get,
        () -> {
          peaks.add(used.get() / MIB);
          live.set(100 * MIB);
          used.set(live.get());
        },
        () -> used.addAndGet(50 * MIB) > 0 && peaks.size() < 4);

    assertThat(peaks).containsExactly(150L, 250L, 250L, 250L);
  }
}
