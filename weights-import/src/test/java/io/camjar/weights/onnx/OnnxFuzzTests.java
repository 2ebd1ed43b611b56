package io.camjar.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.camjar.weights.Fixtures;
import io.camjar.weights.Mutator;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.graph.OnnxNetwork;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Reads and translates mutated ONNX models for as long as {@code -Dcamjar.fuzz.seconds} says (2 by
 * default, 60 where the environment has {@code CI}), from the seed {@code -Dcamjar.fuzz.seed}.
 *
 * <p>Anything but a network or a refusal fails, and so does a model that takes longer than ten
 * seconds; its bytes are left in {@code target}.
 */
@Execution(ExecutionMode.CONCURRENT)
class OnnxFuzzTests {
  private static final long SLOW_NANOS = 10_000_000_000L;

  /** Small ones, so that changed bytes are seldom weights. */
  private static final long LARGEST = 80_000;

  @Test
  void mutatedModelsAreTranslatedOrRefused() throws Exception {
    String usual = System.getenv("CI") == null ? "2" : "60";
    double seconds = Double.parseDouble(System.getProperty("camjar.fuzz.seconds", usual));
    long seed = Long.getLong("camjar.fuzz.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus = corpus();
    Mutator bytes = new Mutator(corpus, random);
    ProtoMutator fields = new ProtoMutator(random);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int read = 0;
    int translated = 0;
    while (System.nanoTime() < end) {
      byte[] model =
          random.nextInt(4) == 0
              ? bytes.next()
              : fields.next(corpus.get(random.nextInt(corpus.size())));
      read++;
      translated += survives(model) ? 1 : 0;
    }
    System.out.printf("fuzzed %d models with seed %d, %d translated%n", read, seed, translated);
    // A mutator that destroys everything, or changes nothing, would test nothing.
    assertThat(translated).isBetween(1, read - 1);
  }

  private static List<byte[]> corpus() throws IOException, URISyntaxException {
    List<byte[]> corpus = new ArrayList<>();
    for (String folder : List.of("onnx/nodes", "onnx/networks", "families")) {
      Path path = Path.of(Objects.requireNonNull(Fixtures.class.getResource(folder)).toURI());
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.sorted().toList()) {
          if (file.toString().endsWith(".onnx") && Files.size(file) < LARGEST) {
            corpus.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return corpus;
  }

  private static boolean survives(byte[] model) throws IOException {
    long begin = System.nanoTime();
    boolean translated = false;
    try {
      OnnxNetwork.of(OnnxModel.read(ByteRegion.wrap(model), ExternalData.none()));
      translated = true;
    } catch (Malformed e) {
      assertThat(e.remedy()).isNotEmpty();
    } catch (RuntimeException | Error e) {
      Path kept = Path.of("target", "fuzz-" + Integer.toHexString(Arrays.hashCode(model)));
      Files.write(kept, model);
      fail("the model that is kept as " + kept.toAbsolutePath() + " ended in " + e, e);
    }
    if (System.nanoTime() - begin > SLOW_NANOS) {
      fail("a model of " + model.length + " bytes took more than ten seconds");
    }
    return translated;
  }
}
