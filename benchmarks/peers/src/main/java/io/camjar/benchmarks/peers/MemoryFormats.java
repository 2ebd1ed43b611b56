package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Prepared;
import java.util.function.Function;
import org.bytedeco.pytorch.global.torch;

/** Picks the memory format in which PyTorch is faster at a task. */
final class MemoryFormats {
  private static final int WARM = 2;
  private static final int TIMED = 3;

  private MemoryFormats() {}

  /** The task in the faster format, freshly prepared: the trials may have changed parameters. */
  static Prepared faster(Function<torch.MemoryFormat, Prepared> task) {
    long contiguous = fastest(task, torch.MemoryFormat.Contiguous);
    long channelsLast = fastest(task, torch.MemoryFormat.ChannelsLast);
    boolean last = channelsLast < contiguous;
    Prepared chosen =
        task.apply(last ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.Contiguous);
    return new Chosen(chosen, last ? "channels last" : "contiguous");
  }

  private static long fastest(
      Function<torch.MemoryFormat, Prepared> task, torch.MemoryFormat format) {
    long best = Long.MAX_VALUE;
    try (Prepared trial = task.apply(format)) {
      for (int i = 0; i < WARM + TIMED; i++) {
        long start = System.nanoTime();
        trial.run();
        if (i >= WARM) {
          best = Math.min(best, System.nanoTime() - start);
        }
      }
    }
    return best;
  }

  private record Chosen(Prepared task, String format) implements Prepared {
    @Override
    public String settings() {
      return task.settings() + ", " + format;
    }

    @Override
    public float[] answer() {
      return task.answer();
    }

    @Override
    public void run() {
      task.run();
    }

    @Override
    public void close() {
      task.close();
    }
  }
}
