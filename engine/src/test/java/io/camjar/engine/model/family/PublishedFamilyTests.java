package io.camjar.engine.model.family;

import static io.camjar.engine.Agreement.assertClose;
import static io.camjar.engine.Agreement.relativeL2;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Golden;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every family against torchvision: logits and the default layer's Grad-CAM map of a small member,
 * names and shapes of the published ones.
 *
 * <p>{@code src/test/python/make_published_goldens.py} makes the golden files.
 */
class PublishedFamilyTests {
  private static final double LOGITS = 2e-5;
  private static final double MAP = 1e-4;
  private static final int CLASSES = 10;

  /** Small members; their golden files have the same names. */
  private static final Map<String, Architecture> SMALL =
      Map.ofEntries(
          entry("vgg", vgg("vgg", false)),
          entry("vgg_bn", vgg("vgg_bn", true)),
          entry("alexnet", new AlexNetSpec("alexnet", AlexNetSpec.WIDTHS, 16, 3, CLASSES)),
          entry("googlenet", Families.named("googlenet", CLASSES)),
          entry("mobilenet_v3_small", Families.named("mobilenet_v3_small", CLASSES)),
          entry("efficientnet", EfficientNetSpec.scaled("e", 0.5, 0.6, 1e-5, 0.1, 0.2, 3, CLASSES)),
          entry("efficientnet_v2", efficientNetV2()),
          entry("regnet_x", regNet(false)),
          entry("regnet_y", regNet(true)),
          entry(
              "convnext", new ConvNeXtSpec("convnext", List.of(1, 2), List.of(8, 12), 3, CLASSES)));

  private static Architecture vgg(String name, boolean norms) {
    List<List<Integer>> stages = List.of(List.of(8), List.of(12), List.of(16, 16), List.of(20));
    return new VggSpec(name, stages, norms, 24, 3, CLASSES);
  }

  private static Architecture efficientNetV2() {
    List<EfficientNetSpec.Stage> stages =
        List.of(
            new EfficientNetSpec.Stage(true, 1, 3, 1, 8, 8, 2),
            new EfficientNetSpec.Stage(true, 4, 3, 2, 8, 16, 2),
            new EfficientNetSpec.Stage(false, 4, 3, 2, 16, 24, 2));
    return new EfficientNetSpec("v2", stages, 32, 1e-3, 0.1, 0.2, 3, CLASSES);
  }

  private static Architecture regNet(boolean gated) {
    List<RegNetSpec.Stage> stages =
        List.of(new RegNetSpec.Stage(1, 16, 8), new RegNetSpec.Stage(2, 24, 8));
    return new RegNetSpec("regnet", 32, stages, gated, 3, CLASSES);
  }

  @TestFactory
  Stream<DynamicTest> logitsAndMapsAreTorchvisions() {
    return SMALL.keySet().stream()
        .sorted()
        .map(name -> DynamicTest.dynamicTest(name, () -> compare(name)));
  }

  private static void compare(String name) {
    Golden golden = Golden.read("families/" + name);
    List<String> size = golden.facts("size").get(0);
    int height = Integer.parseInt(size.get(0));
    int width = Integer.parseInt(size.get(1));
    try (Network network = Network.of(SMALL.get(name), new SyntheticParameters());
        INDArray x = SyntheticInput.images(name, 1, 3, height, width)) {
      String layer = network.points().lastBlock().path();
      assertThat(layer).isEqualTo(golden.fact("layer"));
      try (Trace trace = network.trace(x, List.of(layer));
          INDArray seed = Nd4j.zeros(1, CLASSES)) {
        assertClose(golden, "logits", trace.logits(), LOGITS);
        seed.putScalar(golden.number("target"), 1);
        try (Gradients gradients = network.backward(trace, seed)) {
          float[] map = map(trace.activation(layer), gradients.get(layer));
          assertThat(relativeL2(map, golden.values("map"))).as("map").isLessThan(MAP);
        }
      }
    }
  }

  /** Sum over channels of the mean gradient times the activation. */
  private static float[] map(INDArray activation, INDArray gradient) {
    float[] a = HostCopy.floats(activation);
    float[] g = HostCopy.floats(gradient);
    int channels = (int) activation.size(1);
    float[] map = new float[a.length / channels];
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      for (int i = 0; i < map.length; i++) {
        mean += g[c * map.length + i] / map.length;
      }
      for (int i = 0; i < map.length; i++) {
        map[i] += (float) (mean * a[c * map.length + i]);
      }
    }
    return map;
  }

  @TestFactory
  Stream<DynamicTest> publishedMembersHaveTorchvisionsTensorsAndAreRecognised() {
    List<List<String>> published = Golden.read("families/published").facts("published");
    assertThat(Families.names())
        .containsAll(published.stream().map(words -> words.get(0)).toList());
    return published.stream()
        .map(
            words ->
                DynamicTest.dynamicTest(
                    words.get(0), () -> compareTensors(words.get(0), words.get(1))));
  }

  private static void compareTensors(String name, String hash) throws Exception {
    Architecture member = Families.named(name, 1000);
    Map<String, long[]> shapes = member.parameterShapes();
    assertThat(TensorHash.of(shapes)).as(name).isEqualTo(hash);
    assertThat(
            Families.all().stream().flatMap(family -> family.recognise(shapes).stream()).toList())
        .containsExactly(member);
    assertThat(member.blocks()).isNotEmpty();
    assertThat(member.children()).isNotEmpty();
  }
}
