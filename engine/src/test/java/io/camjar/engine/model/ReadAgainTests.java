package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.parameter.ParameterSource;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks whose parameters are read again compute the same bits as those that hold them. */
class ReadAgainTests {
  private static final List<String> POINTS = List.of("layer2", "layer4");

  /** Notes what is read of it. */
  private static final class Source implements Parameters {
    private final SyntheticParameters values = new SyntheticParameters();
    private final Set<String> read = ConcurrentHashMap.newKeySet();

    @Override
    public boolean has(String path) {
      return true;
    }

    @Override
    public INDArray get(String path, long... shape) {
      throw new AssertionError(path + " can be read again");
    }

    @Override
    public Optional<ParameterSource> source(String path, long... shape) {
      return Optional.of(
          to -> {
            read.add(path);
            try (INDArray array = values.get(path, shape)) {
              to.put(HostCopy.floats(array));
            }
          });
    }
  }

  private final Source source = new Source();
  private final Network held = network(new SyntheticParameters());
  private final Network readAgain = network(source);

  private static Network network(Parameters parameters) {
    return Network.of(ResNetSpec.named("resnet18", new LinearHead(5)).withWidth(8), parameters);
  }

  @AfterEach
  void close() {
    held.close();
    readAgain.close();
  }

  @Test
  void nothingIsReadBeforeItIsNeeded() {
    assertThat(readAgain.parameters().keySet()).isEqualTo(held.parameters().keySet());
    assertThat(source.read).isEmpty();
    logits(readAgain, 64);
    assertThat(source.read).isEqualTo(new LinkedHashSet<>(held.parameters().keySet()));
  }

  @Test
  void logitsMapsAndGradientsHaveTheSameBits() {
    for (int side : new int[] {32, 96, 224}) {
      assertThat(logits(readAgain, side)).containsExactly(logits(held, side));
      assertThat(maps(readAgain, side))
          .usingElementComparator(Arrays::compare)
          .isEqualTo(maps(held, side));
    }
  }

  @Test
  void soHaveThoseOfOtherKernels() {
    try (INDArray x = image(64);
        Trace a = held.trace(x, POINTS, new Nd4jKernels());
        Trace b = readAgain.trace(x, POINTS, new Nd4jKernels())) {
      assertThat(HostCopy.floats(b.logits())).containsExactly(HostCopy.floats(a.logits()));
    }
  }

  @Test
  void parametersHaveTheSameBitsBeforeAndAfterAPass() {
    assertSame("layer1.0.conv1.weight");
    logits(readAgain, 64);
    logits(held, 64);
    readAgain.parameters().keySet().forEach(this::assertSame);
  }

  @Test
  void aChangeIsSeenByTheNextPass() {
    logits(readAgain, 64);
    for (Network network : List.of(held, readAgain)) {
      network.update(
          parameters -> {
            parameters.get("layer3.0.conv2.weight").muli(1.5f);
            parameters.get("bn1.running_mean").addi(0.25f);
          });
    }
    assertThat(logits(readAgain, 64)).containsExactly(logits(held, 64));
    assertSame("layer3.0.conv2.weight");
    assertSame("layer3.0.conv1.weight");
  }

  @Test
  void trainingChangesThemAlike() {
    for (Network network : List.of(held, readAgain)) {
      try (INDArray x = SyntheticInput.images("two", 2, 3, 64, 64);
          Trace trace = network.traceTraining(x, List.of(), new SplittableRandom(1));
          Gradients gradients = network.backward(trace, Nd4j.ones(2, 5))) {
        network.update(
            all -> all.get("conv1.weight").subi(gradients.parameter("conv1.weight").mul(0.1f)));
      }
    }
    held.parameters().keySet().forEach(this::assertSame);
    assertThat(logits(readAgain, 64)).containsExactly(logits(held, 64));
  }

  @Test
  void severalThreadsAtOnceGetTheSameBits() {
    float[] expected = logits(held, 64);
    float[] larger = logits(held, 128);
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            i -> {
              assertThat(logits(readAgain, i % 2 == 0 ? 64 : 128))
                  .containsExactly(i % 2 == 0 ? expected : larger);
              assertSame("layer2.0.conv1.weight");
            });
  }

  private void assertSame(String name) {
    assertThat(HostCopy.floats(readAgain.parameters().get(name)))
        .as(name)
        .containsExactly(HostCopy.floats(held.parameters().get(name)));
  }

  private static INDArray image(int side) {
    return SyntheticInput.images("picture", 1, 3, side, side);
  }

  private static float[] logits(Network network, int side) {
    try (INDArray x = image(side);
        INDArray logits = network.forward(x)) {
      return HostCopy.floats(logits);
    }
  }

  private static List<float[]> maps(Network network, int side) {
    try (INDArray x = image(side);
        Trace trace = network.trace(x, POINTS);
        Gradients gradients = network.backward(trace, Nd4j.ones(1, 5))) {
      return POINTS.stream()
          .flatMap(
              point ->
                  List.of(
                      HostCopy.floats(trace.activation(point)),
                      HostCopy.floats(gradients.get(point)))
                      .stream())
          .toList();
    }
  }
}
