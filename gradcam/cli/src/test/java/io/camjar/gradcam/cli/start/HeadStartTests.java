package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J is started ahead of its first use, or not at all. */
class HeadStartTests {
  @Test
  void isOverWhenItWasAwaited() {
    HeadStart.begin("explain", "a.png");
    HeadStart.await();
    assertThatCode(() -> Nd4j.scalar(1f).close()).doesNotThrowAnyException();
  }

  @Test
  void isNotWaitedForWhereNothingIsComputed() {
    HeadStart.begin("inspect", "a.pth");
    assertThatCode(HeadStart::await).doesNotThrowAnyException();
    assertThatCode(HeadStart::begin).doesNotThrowAnyException();
  }
}
