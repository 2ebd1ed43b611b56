package io.camjar.benchmarks.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTests {
  private static final Task TASK = new Task(Workload.FORWARD_RESNET34, 1, 2, 1);

  @TempDir Path folder;

  /** Runs by doing nothing; as many values as images; refuses a size of 0. */
  static final class IdleEngine implements Engine {

    public static void main(String[] args) throws IOException {
      EngineServer.serve(new IdleEngine());
    }

    @Override
    public String name() {
      return "idle";
    }

    @Override
    public Prepared prepare(Task task) {
      if (task.size() == 0) {
        throw new IllegalArgumentException("too\nsmall");
      }
      System.out.println("what a library prints is not taken for an answer");
      return new Prepared() {
        @Override
        public String settings() {
          return "none";
        }

        @Override
        public float[] answer() {
          return new float[] {1.5f, -3e-20f};
        }

        @Override
        public void run() {}

        @Override
        public void close() {}
      };
    }
  }

  private EngineProcess start(Class<?> main) {
    return EngineProcess.start(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()),
        Map.of(),
        folder.resolve("log"));
  }

  /** Says hello as an engine does and then ends. */
  static final class BriefEngine {
    public static void main(String[] args) {
      System.out.println("engine\tbrief");
    }
  }

  /** Some other program. */
  static final class Chatter {
    public static void main(String[] args) {
      System.out.println("usage: chatter FILE");
    }
  }

  @Test
  void anEngineInAnotherProcessIsPreparedAndTimed() {
    try (EngineProcess engine = start(IdleEngine.class)) {
      EngineProcess.Answer answer = engine.prepare(TASK);

      assertThat(engine.engine()).isEqualTo("idle");
      assertThat(answer.settings()).isEqualTo("none");
      assertThat(answer.values()).containsExactly(1.5f, -3e-20f);
      assertThat(engine.run(3)).hasSize(3).isNotEqualTo(new double[3]);
      assertThat(engine.report()).isEmpty();
    }
  }

  @Test
  void aFailureCarriesItsReasonAndTheEngineLivesOn() {
    try (EngineProcess engine = start(IdleEngine.class)) {
      assertThatThrownBy(() -> engine.prepare(new Task(Workload.FORWARD_RESNET34, 0, 1, 1)))
          .isInstanceOf(EngineFailure.class)
          .hasMessageContaining("too small");
      assertThat(engine.prepare(TASK).values()).hasSize(2);
    }
  }

  @Test
  void runningBeforePreparingFails() {
    try (EngineProcess engine = start(IdleEngine.class)) {
      assertThatThrownBy(() -> engine.run(1)).hasMessageContaining("nothing is prepared");
    }
  }

  @Test
  void anEngineThatDiesIsNoticed() {
    try (EngineProcess engine = start(BriefEngine.class)) {
      assertThatThrownBy(() -> engine.run(1)).hasMessageContaining("ended");
    }
  }

  @Test
  void aProcessThatIsNoEngineIsRefused() {
    assertThatThrownBy(() -> start(Chatter.class)).hasMessageContaining("usage");
  }
}
