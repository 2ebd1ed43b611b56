package io.camjar.engine.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** One switch reaches all pools. */
class ThreadCountTests {
  private final int before = ThreadCount.get();

  @AfterEach
  void restore() {
    ThreadCount.set(before);
  }

  @Test
  void theSwitchReachesCamjarsPoolAndNd4j() {
    for (int count : new int[] {1, 2}) {
      ThreadCount.set(count);
      assertThat(ThreadCount.get()).isEqualTo(count);
      assertThat(Threads.shared().count()).isEqualTo(count);
      // ND4J takes no more than there are processors.
      assertThat(Nd4j.getEnvironment().maxMasterThreads())
          .isEqualTo(Math.min(count, Runtime.getRuntime().availableProcessors()));
    }
  }

  @Test
  void oneThreadIsTheCallersAlone() {
    ThreadCount.set(1);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    Threads.shared().run(100, (index, worker) -> workers.add(Thread.currentThread()));
    assertThat(workers).containsExactly(Thread.currentThread());
  }

  @Test
  void moreThanAProcessCanHaveAreRefused() {
    assertThatThrownBy(() -> ThreadCount.set(Threads.MOST + 1))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("from 1 to 1024, found 1025");
    assertThat(ThreadCount.get()).isEqualTo(before);
  }

  @Test
  void lessThanOneIsRefused() {
    assertThatThrownBy(() -> ThreadCount.set(0))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("from 1 to 1024, found 0");
    assertThat(ThreadCount.get()).isEqualTo(before);
  }
}
