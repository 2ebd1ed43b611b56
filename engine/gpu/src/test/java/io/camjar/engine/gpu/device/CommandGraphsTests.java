package io.camjar.engine.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When sequences of commands are captured, started and freed, on a device that only writes down.
 */
class CommandGraphsTests {
  private final List<String> done = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private boolean fails;

  private final CommandGraphs graphs =
      new CommandGraphs(
          new CommandGraphs.Maker() {
            private long made;

            @Override
            public long capture(List<Command> commands) {
              done.add("capture of " + commands.size());
              if (fails) {
                throw new IllegalStateException("the driver is too old");
              }
              return ++made;
            }

            @Override
            public void start(long graph) {
              done.add("start " + graph);
            }

            @Override
            public void free(long graph) {
              done.add("free " + graph);
            }
          },
          log::add);

  /** Five launches on a piece of memory, for images of a side. */
  private static List<Command> pass(long memory, int side) {
    List<Command> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(
          new Command.Launch(
              new Kernel("k", 7),
              new Grid(side, 1, 1, 64),
              List.of(new DeviceMemory(memory, 16), i, 1f)));
    }
    return all;
  }

  @Test
  void eachShapeIsCapturedOnceAndStartedAfterwards() {
    assertThat(graphs.start(pass(1, 224))).isFalse();
    assertThat(done).isEmpty();
    for (int turn = 0; turn < 3; turn++) {
      assertThat(graphs.start(pass(1, 224))).isTrue();
    }
    assertThat(done).containsExactly("capture of 5", "start 1", "start 1", "start 1");

    done.clear();
    assertThat(graphs.start(pass(1, 96))).isFalse();
    assertThat(graphs.start(pass(1, 96))).isTrue();
    assertThat(graphs.start(pass(1, 224))).isTrue();
    assertThat(done).containsExactly("capture of 5", "start 2", "start 1");
  }

  @Test
  void aPassWhoseMemoryHasMovedIsCapturedAnew() {
    graphs.start(pass(1, 224));
    graphs.start(pass(1, 224));
    assertThat(graphs.start(pass(2, 224))).isFalse();
    assertThat(graphs.start(pass(2, 224))).isTrue();
    assertThat(done).containsExactly("capture of 5", "start 1", "capture of 5", "start 2");
  }

  @Test
  void whereNoneCanBeCapturedTheLogSaysSoOnceAndAllIsQueuedOneByOne() {
    fails = true;
    for (int turn = 0; turn < 4; turn++) {
      assertThat(graphs.start(pass(1, 224))).isFalse();
    }
    assertThat(done).containsExactly("capture of 5");
    assertThat(log)
        .containsExactly(
            "kernels are queued one by one, since no graph can be made of them: the driver is too"
                + " old");
  }

  @Test
  void aFewCommandsAreNotWorthAGraph() {
    for (int turn = 0; turn < 3; turn++) {
      assertThat(graphs.start(pass(1, 224).subList(0, 3))).isFalse();
    }
    assertThat(done).isEmpty();
  }

  @Test
  void whatHasNotComeForLongestIsFreed() {
    graphs.start(pass(0, 224));
    graphs.start(pass(0, 224));
    for (int other = 1; other <= 64; other++) {
      graphs.start(pass(other, 224));
    }
    assertThat(done).containsExactly("capture of 5", "start 1", "free 1");
  }
}
