package io.camjar.engine.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTests {
  private final int before = Threads.shared().count();

  @AfterEach
  void restore() {
    Threads.setCount(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryTaskOnce(int count) {
    Threads.setCount(count);
    for (int tasks : new int[] {0, 1, 2, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(1000);
      Threads.shared().run(tasks, (index, worker) -> runs.incrementAndGet(index));
      for (int i = 0; i < 1000; i++) {
        assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryNumberInOneRange(int count) {
    Threads.setCount(count);
    for (int numbers : new int[] {0, 1, 7, 1000}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(1000);
      Threads.shared()
          .run(
              numbers,
              9,
              3,
              (from, end, worker) -> {
                for (int i = from; i < end; i++) {
                  runs.incrementAndGet(i);
                }
              });
      for (int i = 0; i < 1000; i++) {
        assertThat(runs.get(i)).isEqualTo(i < numbers ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void noRangeGoesBeyondAMultipleOfTheLongest(int count) {
    Threads.setCount(count);
    AtomicInteger beyond = new AtomicInteger();
    Threads.shared()
        .run(
            1000,
            9,
            3,
            (from, end, worker) -> {
              if (end <= from || from / 9 != (end - 1) / 9) {
                beyond.incrementAndGet();
              }
            });
    assertThat(beyond).hasValue(0);
  }

  @Test
  void rangesGetShorterTowardsTheEnd() {
    Threads.setCount(2);
    CountDownLatch otherDone = new CountDownLatch(1);
    List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
    Threads.shared()
        .run(
            64,
            8,
            2,
            (from, end, worker) -> {
              if (from == 32) {
                await(otherDone);
              } else {
                lengths.add(end - from);
              }
              if (end == 64) {
                otherDone.countDown();
              }
            });
    assertThat(lengths).containsExactly(8, 8, 8, 4, 2, 2, 8, 8, 4, 2, 2);
  }

  @Test
  void numbersItsWorkersFromZero() {
    Threads.setCount(3);
    Set<Integer> workers = ConcurrentHashMap.newKeySet();
    Threads.shared().run(1000, (index, worker) -> workers.add(worker));
    assertThat(workers).isSubsetOf(0, 1, 2);
  }

  @Test
  void noTwoThreadsOfOneCallShareAWorkerNumber() {
    Threads.setCount(4);
    AtomicInteger clashes = new AtomicInteger();
    AtomicIntegerArray busy = new AtomicIntegerArray(4);
    Threads.shared()
        .run(
            5000,
            (index, worker) -> {
              if (busy.incrementAndGet(worker) != 1) {
                clashes.incrementAndGet();
              }
              busy.decrementAndGet(worker);
            });
    assertThat(clashes).hasValue(0);
  }

  @Test
  void eachWorkerBeginsWithNeighboursOfItsOwn() {
    Threads.setCount(3);
    CountDownLatch allBegan = new CountDownLatch(3);
    Map<Integer, Integer> firsts = new ConcurrentHashMap<>();
    Threads.shared()
        .run(
            30,
            (index, worker) -> {
              if (firsts.putIfAbsent(worker, index) == null) {
                allBegan.countDown();
                await(allBegan);
              }
            });
    assertThat(firsts).isEqualTo(Map.of(0, 0, 1, 10, 2, 20));
  }

  @Test
  void whoIsDoneHelpsTheOthers() {
    Threads.setCount(2);
    CountDownLatch allOthersDone = new CountDownLatch(9);
    Threads.shared()
        .run(
            10,
            (index, worker) -> {
              if (index == 5) {
                await(allOthersDone);
              } else {
                allOthersDone.countDown();
              }
            });
    assertThat(allOthersDone.getCount()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void servesManyCallersAtOnce() throws InterruptedException {
    Threads.setCount(3);
    List<Integer> sums = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread caller =
          new Thread(
              () -> {
                AtomicInteger sum = new AtomicInteger();
                for (int round = 0; round < 100; round++) {
                  Threads.shared().run(50, (index, worker) -> sum.addAndGet(index));
                }
                sums.add(sum.get());
              });
      caller.start();
      callers.add(caller);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(sums).hasSize(8).containsOnly(100 * 49 * 50 / 2);
  }

  @Test
  void throwsWhatATaskThrewAfterTheOthersAreDone() {
    Threads.setCount(2);
    AtomicInteger done = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Threads.shared()
                    .run(
                        100,
                        (index, worker) -> {
                          done.incrementAndGet();
                          if (index == 7) {
                            throw new IllegalStateException("seven");
                          }
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("seven");
    assertThat(done).hasValue(100);
  }

  /** Each of two parts waits for the other, so one thread alone would never end. */
  @Test
  void sleepingHelpersWakeUp() throws InterruptedException {
    Threads.setCount(2);
    for (int round = 0; round < 20; round++) {
      Thread.sleep(5); // Long enough for helpers to stop spinning.
      CyclicBarrier both = new CyclicBarrier(2);
      Threads.shared().run(2, (index, worker) -> await(both));
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("no second thread came within a minute", e);
    }
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> Threads.setCount(0))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("from 1 to 1024, found 0");
  }
}
