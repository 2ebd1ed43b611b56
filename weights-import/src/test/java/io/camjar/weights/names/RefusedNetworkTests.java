package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What names and shapes leave open is refused, with the tensors' names and a remedy that helps. */
class RefusedNetworkTests {
  private static final ResNetSpec SPEC = ResNetSpec.named("resnet18", new LinearHead(7));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          classifier.weight         | 3 7     | 'fc', 'classifier'
          aux.weight                | 4 512   | next to each other: 'fc', 'aux'
          global_pool.p             | 1       | exponent of a generalised mean pool
          ca.fc1.weight             | 32 512 1 1 | attention
          bn.gamma                  | 512     | 'bn.gamma'
          temperature               | 1       | may be scaled
          normalize.mean            | 1 3 1 1 | normalise its input
          queue                     | 128 65536 | 'queue'
          fpn.inner_blocks.0.weight | 256 512 1 1 | 'fpn.inner_blocks.0.weight'
          """)
  void whatMayLieInTheWayIsNamed(String name, String shape, String says) {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    shapes.put(name, sizes(shape));
    Recognised found = recognise(shapes);
    assertThat(found.fault().orElseThrow()).hasMessageContaining(says);
    assertThat(found.rows())
        .anyMatch(row -> row.fate() == Fate.REFUSED && row.source().equals(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          metric_fc.weight | 7 512      | compares angles
          projector.weight | 128 512    | projection
          fc.weight        | 7 1024     | twice the body's features
          fc.weight        | 7 25088    | where an average pool leaves 512
          """)
  void classifiersThatAreNoneOfCamjarsAreNamed(String name, String shape, String says) {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    shapes.remove("fc.weight");
    shapes.remove("fc.bias");
    shapes.put(name, sizes(shape));
    assertThat(fault(shapes)).contains(says).contains(name.replace(".weight", ""));
  }

  @Test
  void layersUnderNamesOfTheirOwnDoNotSayWhatLiesBetween() {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    shapes.remove("fc.weight");
    shapes.remove("fc.bias");
    shapes.put("fc.fc1.weight", new long[] {20, 512});
    shapes.put("fc.fc2.weight", new long[] {3, 20});
    assertThat(fault(shapes)).contains("'fc.fc1', 'fc.fc2'").contains("between");
  }

  @Test
  void aNormBehindTheLastStageIsNoNeckUnlessItsNameSaysSo() {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      shapes.put("bn_last." + part, new long[] {512});
    }
    assertThat(fault(shapes)).contains("the batch norm 'bn_last'");
  }

  @Test
  void groupNormsAreNoBatchNorms() {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    shapes.keySet().removeIf(name -> name.contains("running_"));
    Recognised found = recognise(shapes);
    assertThat(found.fault().orElseThrow()).hasMessageContaining("no running statistics");
    assertThat(found.resnet()).isEmpty();
  }

  @Test
  void foldedNormsAreNamed() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    SPEC.parameterShapes()
        .forEach(
            (name, shape) -> {
              if (!name.contains("bn") && !name.contains("downsample.1")) {
                shapes.put(name, shape);
                if (shape.length == 4) {
                  shapes.put(name.replace("weight", "bias"), new long[] {shape[0]});
                }
              }
            });
    Recognised found = recognise(shapes);
    assertThat(found.fault()).isEmpty();
    assertThat(found.assumptions().toString()).contains("folded");

    shapes.remove("layer2.0.conv2.bias");
    assertThat(fault(shapes)).contains("lacks the tensor 'layer2.0.bn2.weight'");
  }

  @Test
  void networksForSmallImagesAreNamed() {
    Map<String, long[]> stem = SPEC.parameterShapes();
    stem.put("conv1.weight", new long[] {64, 3, 3, 3});
    assertThat(fault(stem)).contains("3x3 convolution 'conv1.weight'").contains("CIFAR");
    Map<String, long[]> stages = SPEC.parameterShapes();
    stages.keySet().removeIf(name -> name.startsWith("layer4"));
    assertThat(fault(stages)).contains("has no layer4").contains("CIFAR");
  }

  @Test
  void detectronsBottlenecksDoNotSayWhereTheirStrideIs() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    ResNetSpec.named("resnet50", new LinearHead(7))
        .parameterShapes()
        .forEach(
            (name, shape) ->
                shapes.put(
                    name.replaceFirst("^layer(\\d)", "res$1")
                        .replaceFirst("(res.*)\\.bn(\\d)\\.", "$1.conv$2.norm.")
                        .replace(".downsample.0.", ".shortcut.")
                        .replace(".downsample.1.", ".shortcut.norm."),
                    shape));
    assertThat(fault(shapes)).contains("detectron2").contains("stride");
  }

  private static long[] sizes(String text) {
    return java.util.Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static Recognised recognise(Map<String, long[]> shapes) {
    return Recognition.of(Tensors.repeated(shapes), Map.of());
  }

  private static String fault(Map<String, long[]> shapes) {
    return recognise(shapes).fault().orElseThrow().getMessage();
  }
}
