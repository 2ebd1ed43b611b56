package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;

/** One network, many explanations: at once, and one after the other for a long time. */
class SharedNetworkTests {
  private static final int THREADS = 8;
  private static final int PICTURES = 5;
  private static final long MEGABYTE = 1 << 20;

  private static final Network NETWORK = Networks.concatPooled();
  private static final Explainer EXPLAINER = Explainer.of(NETWORK).withLayers("all");

  @AfterAll
  static void free() {
    NETWORK.close();
  }

  @Test
  void eightThreadsGetTheVeryBitsThatOneThreadGets() throws Exception {
    List<List<float[]>> alone = everyImage();

    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch together = new CountDownLatch(THREADS);
      List<Future<List<List<float[]>>>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        results.add(
            pool.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return everyImage();
                }));
      }
      for (Future<List<List<float[]>>> result : results) {
        for (int picture = 0; picture < PICTURES; picture++) {
          assertThat(result.get().get(picture))
              .usingElementComparator(java.util.Arrays::compare)
              .isEqualTo(alone.get(picture));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void fiveHundredExplanationsGrowNeitherHeapNorOffHeapMemory() throws InterruptedException {
    explainTimes(50);
    Memory before = Memory.settled();

    explainTimes(500);
    Memory after = Memory.settled();

    assertThat(after.heap() - before.heap()).as("heap").isLessThan(8 * MEGABYTE);
    assertThat(after.arrays() - before.arrays()).as("ND4J's arrays").isLessThan(MEGABYTE);
    assertThat(after.pointers() - before.pointers()).as("pointers").isLessThan(MEGABYTE);
  }

  @Test
  void theMeasureOfMemorySeesOneArrayThatIsNotClosed() throws InterruptedException {
    Memory before = Memory.settled();
    try (INDArray kept = SyntheticInput.images("kept", 2, 3, 512, 512)) {
      assertThat(Memory.settled().arrays() - before.arrays()).isGreaterThan(6 * MEGABYTE - 1000);
      assertThat(kept.wasClosed()).isFalse();
    }
    assertThat(Memory.settled().arrays() - before.arrays()).isLessThan(MEGABYTE);
  }

  private static List<List<float[]>> everyImage() {
    List<List<float[]>> maps = new ArrayList<>();
    for (int picture = 0; picture < PICTURES; picture++) {
      maps.add(maps("picture" + picture));
    }
    return maps;
  }

  private static List<float[]> maps(String picture) {
    try (INDArray input = SyntheticInput.images(picture, 1, 3, 97, 65)) {
      Explanation e = EXPLAINER.explain(picture, input, List.of(Target.index(1), Target.index(3)));
      List<float[]> values = new ArrayList<>(e.maps().stream().map(CamMap::raw).toList());
      values.add(e.logits());
      return values;
    }
  }

  private static void explainTimes(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(maps("loop")).hasSize(2 * 9 + 1);
    }
  }

  /**
   * Bytes in use.
   *
   * @param heap by live objects
   * @param arrays by ND4J's arrays, as libnd4j and camjar count them
   * @param pointers by what JavaCPP allocated itself
   */
  private record Memory(long heap, long arrays, long pointers) {
    /** Collects garbage until no more is found: off-heap memory is freed by a thread behind it. */
    static Memory settled() throws InterruptedException {
      Memory least = now();
      for (int quiet = 0; quiet < 3; quiet++) {
        System.gc();
        Thread.sleep(100);
        Memory now = now();
        if (now.heap < least.heap - MEGABYTE / 4 || now.arrays < least.arrays) {
          quiet = -1;
        }
        least = now;
      }
      return least;
    }

    private static Memory now() {
      Runtime runtime = Runtime.getRuntime();
      return new Memory(
          runtime.totalMemory() - runtime.freeMemory(),
          Nd4jCpu.Environment.getInstance().getDeviceCounter(0) + HostCopy.bytesHeld(),
          Pointer.totalBytes());
    }
  }
}
