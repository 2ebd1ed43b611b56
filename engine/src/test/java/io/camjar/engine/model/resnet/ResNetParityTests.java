package io.camjar.engine.model.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.Golden;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.RawMaps;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whole networks against torchvision on the same synthetic weights and images: logits, raw Grad-CAM
 * maps and place-by-place products at blocks and inner points, and the shape of every point.
 *
 * <p>Made by {@code src/test/python/make_network_goldens.py}.
 */
class ResNetParityTests {
  /** Of the largest logit; measured 9e-7. */
  private static final double LOGITS = 1e-4;

  /**
   * In the L2 norm of one image's map; measured 3e-6, and 2e-5 where one ReLU's input lies so near
   * 0 that rounding decides its side ({@code choose_pictures.py}).
   */
  private static final double MAPS = 1e-3;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18-torchvision-33",
        "resnet18-torchvision-224",
        "resnet18-torchvision-352",
        "resnet18-fastai1-224",
        "resnet18-fastai2-352",
        "resnet18-gray-75x130",
        "resnet34-torchvision-224",
        "resnet34-torchvision-352",
        "resnet34-fastai1-33",
        "resnet34-fastai1-224",
        "resnet34-fastai1-352",
        "resnet34-fastai2-224",
        "resnet34-gray-width48-64",
        "resnet34-width32-97x161",
        "resnet50-torchvision-224",
        "resnet50-torchvision-352",
        "resnet50-fastai1-161x97",
        "resnet50-fastai1-352",
        "resnet50-fastai2-33",
        "resnet50-fastai2-224",
        "resnet101-torchvision-64",
        "resnet152-fastai1-64",
        "wide-resnet50-width16-33",
        "resnet34-layers-width16-33",
        "resnet18-features-width8-33"
      })
  void computesWhatTorchvisionComputes(String name) {
    Golden golden = Golden.read("networks/" + name);
    Map<String, Double> errors = errors(golden);
    report(name, errors);
    errors.forEach(
        (tensor, error) ->
            assertThat(error)
                .as(tensor)
                .isLessThanOrEqualTo(tensor.equals("logits") ? LOGITS : MAPS));
    assertThat(errors.keySet()).containsExactlyElementsOf(golden.names());
  }

  @Test
  void evolutionOfResNet34At352HasTheShapesThatPyTorchHas() {
    Golden golden = Golden.read("networks/resnet34-fastai1-352");
    try (Network network = network(golden)) {
      Map<String, String> shapes = shapes(network, golden);
      List<String> evolution =
          network.points().blocks().stream().map(Point::path).map(shapes::get).toList();
      assertThat(evolution)
          .startsWith("1 64 88 88")
          .hasSize(17)
          .isEqualTo(
              IntStream.range(0, 17)
                  .mapToObj(
                      i ->
                          i < 4
                              ? "1 64 88 88"
                              : i < 8 ? "1 128 44 44" : i < 14 ? "1 256 22 22" : "1 512 11 11")
                  .toList());
    }
  }

  /**
   * Prints the worst errors of one network, for whoever wants the figures behind the tolerances:
   *
   * <pre>./mvnw -pl engine test -Dtest=ResNetParityTests -Dcamjar.parity.report=true</pre>
   */
  private static void report(String name, Map<String, Double> errors) {
    if (Boolean.getBoolean("camjar.parity.report")) {
      String worst =
          errors.entrySet().stream()
              .filter(e -> e.getKey().contains("/"))
              .max(Map.Entry.comparingByValue())
              .map(e -> "%.1e at %s".formatted(e.getValue(), e.getKey()))
              .orElseThrow();
      System.out.printf("%-26s logits %.1e, maps %s%n", name, errors.get("logits"), worst);
    }
  }

  @Test
  void aMapOfAnotherImageIsTold() {
    Golden golden = Golden.read("networks/resnet18-torchvision-33");
    long[] shape = golden.shape("gradcam/0/layer2.0");
    float[] maps = golden.values("gradcam/0/layer2.0");
    float[] swapped = new float[maps.length];
    System.arraycopy(maps, 0, swapped, maps.length / 2, maps.length / 2);
    System.arraycopy(maps, maps.length / 2, swapped, 0, maps.length / 2);
    assertThat(worstImage(swapped, maps, (int) shape[0])).isGreaterThan(MAPS);
  }

  @Test
  void oneChangedPlaceInOneMapIsTold() {
    Golden golden = Golden.read("networks/resnet34-fastai1-224");
    float[] expected = golden.values("gradcam/0/layer1.0");
    float[] changed = expected.clone();
    changed[changed.length / 2] += max(expected);
    assertThat(worstImage(changed, expected, 2)).isGreaterThan(MAPS);
    changed[0] = Float.NaN;
    double withNaN = worstImage(changed, expected, 2);
    assertThatThrownBy(() -> assertThat(withNaN).isLessThanOrEqualTo(MAPS))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherWeightInTheFirstLayerIsTold() {
    Golden golden = Golden.read("networks/resnet18-torchvision-33");
    try (Network network = network(golden)) {
      network.update(
          parameters -> {
            INDArray bias = parameters.get("bn1.bias");
            bias.putScalar(3, bias.getFloat(3) + 0.05f);
          });
      Map<String, Double> errors = errors(network, golden);
      assertThat(errors.get("logits")).isGreaterThan(LOGITS);
      assertThat(errors.get("gradcam/0/stem")).isGreaterThan(MAPS);
      assertThat(errors.get("gradcam/0/layer4.1")).isGreaterThan(MAPS);
    }
  }

  private static Map<String, Double> errors(Golden golden) {
    try (Network network = network(golden)) {
      assertThat(shapes(network, golden))
          .containsAllEntriesOf(
              golden.facts("shape").stream()
                  .collect(
                      Collectors.toMap(
                          f -> f.get(0), f -> String.join(" ", f.subList(1, f.size())))));
      return errors(network, golden);
    }
  }

  private static Network network(Golden golden) {
    ResNetSpec body =
        ResNetSpec.named(golden.fact("arch"), new LinearHead(golden.number("classes")))
            .withWidth(golden.number("width"))
            .withInChannels(input(golden)[1]);
    if (golden.facts("base_width").size() > 0) {
      body = body.withInnerWidth(golden.number("width") * golden.number("base_width") / 64);
    }
    int classes = body.classes();
    ResNetSpec spec =
        switch (golden.fact("head")) {
          case "torchvision" -> body;
          case "fastai1" -> body.withHead(SequentialHead.fastai1(body.features(), classes));
          case "fastai2" -> body.withHead(SequentialHead.fastai2(body.features(), classes));
          case "features" -> body.withHead(new NoHead());
          case "layers" ->
              body.withHead(
                  new LayeredHead(
                      List.of(
                          new Dropout(0.2),
                          new Linear(body.features(), 24, true),
                          BatchNorm.of1d(24),
                          new ReLU(),
                          new Linear(24, classes, false))));
          default -> throw new IllegalArgumentException(golden.fact("head"));
        };
    return Network.of(spec, new SyntheticParameters());
  }

  private static int[] input(Golden golden) {
    return golden.facts("input").get(0).stream().mapToInt(Integer::parseInt).toArray();
  }

  private static Map<String, String> shapes(Network network, Golden golden) {
    int[] nchw = input(golden);
    return network.shapes(nchw[0], nchw[2], nchw[3]).stream()
        .collect(Collectors.toMap(LayerShape::path, s -> words(s.output()), (a, b) -> a));
  }

  private static String words(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" "));
  }

  /** The error of every golden tensor, in the golden file's order. */
  private static Map<String, Double> errors(Network network, Golden golden) {
    Set<String> points = new LinkedHashSet<>();
    golden.names().stream()
        .filter(name -> name.contains("/"))
        .forEach(name -> points.add(point(name)));
    Map<String, Double> errors = new LinkedHashMap<>();
    try (INDArray x = images(golden);
        Trace trace = network.trace(x, points)) {
      float[] logits = trace.logits().dup('c').data().asFloat();
      errors.put("logits", Agreement.relativeMax(logits, golden.values("logits")));
      List<List<String>> targets = golden.facts("target");
      for (int t = 0; t < targets.size(); t++) {
        try (INDArray oneHot = oneHot(targets.get(t), (int) trace.logits().size(1));
            Gradients gradients = network.backward(trace, oneHot)) {
          String target = "/" + t + "/";
          golden.names().stream()
              .filter(name -> name.contains(target))
              .forEach(name -> errors.put(name, error(name, trace, gradients, golden)));
        }
      }
    }
    return errors;
  }

  private static INDArray images(Golden golden) {
    int[] nchw = input(golden);
    List<INDArray> images =
        golden.facts("pictures").get(0).stream()
            .map(i -> SyntheticInput.images("picture" + i, 1, nchw[1], nchw[2], nchw[3]))
            .toList();
    if (images.size() == 1) {
      return images.get(0); // concat would hand back the same array
    }
    INDArray batch = Nd4j.concat(0, images.toArray(INDArray[]::new));
    images.forEach(INDArray::close);
    return batch;
  }

  private static String point(String tensor) {
    return tensor.substring(tensor.lastIndexOf('/') + 1);
  }

  private static INDArray oneHot(List<String> classes, int count) {
    INDArray oneHot = Nd4j.zeros(classes.size(), count);
    for (int i = 0; i < classes.size(); i++) {
      oneHot.putScalar(i, Integer.parseInt(classes.get(i)), 1);
    }
    return oneHot;
  }

  private static double error(String name, Trace trace, Gradients gradients, Golden golden) {
    INDArray activation = trace.activation(point(name));
    INDArray gradient = gradients.get(point(name));
    assertThat(gradient.shape()).as(name).isEqualTo(activation.shape());
    float[] map =
        name.startsWith("gradcam")
            ? RawMaps.gradCam(activation, gradient)
            : RawMaps.product(activation, gradient);
    return worstImage(map, golden.values(name), (int) activation.size(0));
  }

  /** The largest error among the images of a batch, each against its own norm. */
  private static double worstImage(float[] found, float[] expected, int images) {
    assertThat(found).hasSameSizeAs(expected);
    int size = found.length / images;
    double worst = 0;
    for (int n = 0; n < images; n++) {
      float[] a = Arrays.copyOfRange(found, n * size, (n + 1) * size);
      float[] b = Arrays.copyOfRange(expected, n * size, (n + 1) * size);
      worst = Math.max(worst, Agreement.relativeL2(a, b));
    }
    return worst;
  }

  private static float max(float[] values) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}
