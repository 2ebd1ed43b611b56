package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.TensorStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Reads mutated checkpoints for as long as {@code -Dcamjar.fuzz.seconds} says (3 by default, 60
 * where the environment has {@code CI}) from the seed {@code -Dcamjar.fuzz.seed}.
 *
 * <p>Anything but a load or a refusal fails, and so does a read that takes longer than ten seconds;
 * the bytes are left in {@code target} to be added to the corpus.
 */
@Execution(ExecutionMode.CONCURRENT)
class FuzzTests {
  private static final long SLOW_NANOS = 10_000_000_000L;

  @Test
  void mutatedCheckpointsAreReadOrRefused() throws IOException {
    String usual = System.getenv("CI") == null ? "3" : "60";
    double seconds = Double.parseDouble(System.getProperty("camjar.fuzz.seconds", usual));
    long seed = Long.getLong("camjar.fuzz.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus = new ArrayList<>();
    for (String name : Hostile.CORPUS) {
      corpus.add(Hostile.corpus(name));
    }
    Mutator mutator = new Mutator(corpus, random);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int read = 0;
    int opened = 0;
    while (System.nanoTime() < end) {
      read++;
      opened += survives(mutator.next()) ? 1 : 0;
    }
    System.out.printf("fuzzed %d files with seed %d, %d opened%n", read, seed, opened);
    // A mutator that destroys everything, or changes nothing, would test nothing.
    assertThat(opened).isBetween(1, read - 1);
  }

  private static boolean survives(byte[] bytes) throws IOException {
    long begin = System.nanoTime();
    boolean opened = false;
    try {
      Checkpoint checkpoint = Checkpoints.read("fuzz", ByteRegion.wrap(bytes));
      TensorStatistics.ofAll(checkpoint.tensors());
      checkpoint.mapping();
      checkpoint.classes();
      opened = true;
    } catch (Malformed e) {
      // The one way in which a file may be refused.
      assertThat(e.remedy()).isNotEmpty();
    } catch (RuntimeException | Error e) {
      Path kept =
          Path.of("target", "fuzz-" + Integer.toHexString(java.util.Arrays.hashCode(bytes)));
      Files.write(kept, bytes);
      fail("the file that is kept as " + kept.toAbsolutePath() + " ended in " + e, e);
    }
    if (System.nanoTime() - begin > SLOW_NANOS) {
      fail("a file of " + bytes.length + " bytes took more than ten seconds");
    }
    return opened;
  }
}
