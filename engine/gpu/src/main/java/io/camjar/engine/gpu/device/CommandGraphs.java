package io.camjar.engine.gpu.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sequences of commands that came before, kept as graphs that a device starts in one go.
 *
 * <p>A sequence is captured when it comes for the second time, so that what comes once costs
 * nothing. Its arguments belong to it: where a piece of memory has moved it is another one, and is
 * captured anew. Where that fails, all commands are queued one by one from then on.
 */
public final class CommandGraphs {
  /** Sequences that are known; those that have not come for longest are forgotten. */
  private static final int KNOWN = 64;

  /** Commands below which a graph saves nothing. */
  private static final int FEW = 4;

  /** A sequence that came once. */
  private static final long SEEN = 0;

  /** What a device does with graphs. */
  public interface Maker {

    /**
     * Makes a graph of commands, and queues none of them.
     *
     * @return its handle, which is not 0
     */
    long capture(List<Command> commands);

    /** Queues a graph. */
    void start(long graph);

    /** Frees a graph, which may be running. */
    void free(long graph);
  }

  private final Maker maker;
  private final Consumer<String> log;
  private final Map<List<Command>, Long> known = new LinkedHashMap<>(KNOWN, 0.75f, true);
  private boolean failed;

  /**
   * None yet.
   *
   * @param log takes the sentence that says why there are no graphs
   */
  public CommandGraphs(Maker maker, Consumer<String> log) {
    this.maker = maker;
    this.log = log;
  }

  /** Queues commands as a graph; false where the caller has to queue them one by one. */
  public synchronized boolean start(List<Command> commands) {
    if (failed || commands.size() < FEW) {
      return false;
    }
    Long graph = known.get(commands);
    if (graph == null) {
      forgetOne();
      known.put(commands, SEEN);
      return false;
    }
    if (graph == SEEN) {
      try {
        graph = maker.capture(commands);
      } catch (RuntimeException e) {
        failed = true;
        log.accept(
            "kernels are queued one by one, since no graph can be made of them: " + e.getMessage());
        return false;
      }
      known.put(commands, graph);
    }
    maker.start(graph);
    return true;
  }

  private void forgetOne() {
    if (known.size() == KNOWN) {
      List<Command> eldest = known.keySet().iterator().next();
      long graph = known.remove(eldest);
      if (graph != SEEN) {
        maker.free(graph);
      }
    }
  }
}
