package io.camjar.benchmarks.engine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory that one steady run takes.
 *
 * @param heapBytes allocated on the heap by all threads
 * @param offHeapBytes that JavaCPP holds more than before: what the run did not give back
 */
record Allocation(long heapBytes, long offHeapBytes) {
  private static final int RUNS = 5;

  /** The least of several runs, since the JIT compilers and the collector allocate as well. */
  static Allocation of(Runnable run) {
    run.run();
    Allocation least = once(run);
    for (int i = 1; i < RUNS; i++) {
      Allocation next = once(run);
      least =
          new Allocation(
              Math.min(least.heapBytes, next.heapBytes),
              Math.min(least.offHeapBytes, next.offHeapBytes));
    }
    return least;
  }

  private static Allocation once(Runnable run) {
    long heap = heap();
    long offHeap = Pointer.totalBytes();
    run.run();
    return new Allocation(heap() - heap, Pointer.totalBytes() - offHeap);
  }

  private static long heap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  @Override
  public String toString() {
    return "allocates %,d bytes of heap and keeps %,d bytes off-heap a run"
        .formatted(heapBytes, offHeapBytes);
  }
}
