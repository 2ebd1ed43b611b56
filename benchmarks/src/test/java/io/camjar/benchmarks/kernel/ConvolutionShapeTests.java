package io.camjar.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Param;

class ConvolutionShapeTests {

  @Test
  void countsEveryMultiplicationAndAdditionOfTheDefinition() {
    // ResNet-34's layer1: 56 * 56 outputs, 64 * 64 channels, 9 taps.
    assertThat(ConvolutionShape.parse("64x56x56 to 64 k3 s1").flops())
        .isEqualTo(2L * 56 * 56 * 64 * 64 * 9);
    assertThat(ConvolutionShape.parse("3x224x224 to 64 k7 s2").outSide()).isEqualTo(112);
  }

  @Test
  void isReadAsItIsWritten() {
    ConvolutionShape convolution = new ConvolutionShape(64, 56, 128, 3, 2);

    assertThat(convolution).hasToString("64x56x56 to 128 k3 s2");
    assertThat(ConvolutionShape.parse(convolution.toString())).isEqualTo(convolution);
    assertThatThrownBy(() -> ConvolutionShape.parse("64x56 to 128"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBenchmarkHasEveryConvolutionOfBothNetworksOnce() throws NoSuchFieldException {
    Set<String> expected = new LinkedHashSet<>();
    for (String name : List.of("resnet34", "resnet50")) {
      expected.addAll(convolutionsOf(name));
    }

    String[] benchmarked =
        ConvolutionBenchmark.class.getField("convolution").getAnnotation(Param.class).value();

    assertThat(benchmarked).containsExactlyElementsOf(expected);
  }

  private static List<String> convolutionsOf(String name) {
    ResNetSpec spec = ResNetSpec.named(name, new LinearHead(1));
    Map<String, long[]> parameters = spec.parameterShapes();
    try (Network network = Network.of(spec, new SyntheticParameters())) {
      return network.shapes(1, 224, 224).stream()
          .filter(layer -> layer.kind().equals("Conv2d"))
          .map(layer -> convolution(layer, parameters.get(layer.path() + ".weight")).toString())
          .toList();
    }
  }

  private static ConvolutionShape convolution(LayerShape layer, long[] weight) {
    return new ConvolutionShape(
        (int) layer.input()[1],
        (int) layer.input()[2],
        (int) layer.output()[1],
        (int) weight[2],
        (int) (layer.input()[2] / layer.output()[2]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x9x9 to 4 k7 s2", "5x6x6 to 3 k3 s1", "8x6x6 to 2 k1 s2"})
  void whatIsTimedSideBySideComputesTheSame(String text) {
    ConvolutionShape convolution = ConvolutionShape.parse(text);
    int side = convolution.side();
    int k = convolution.kernel();
    try (INDArray x = SyntheticInput.images("x", 1, convolution.inChannels(), side, side);
        INDArray weight =
            new SyntheticParameters()
                .get("w", convolution.outChannels(), convolution.inChannels(), k, k);
        INDArray ours = Kernels.active().conv2d(convolution.geometry(), x, weight, null);
        INDArray nd4j = Nd4j.create(ours.dataType(), ours.shape())) {
      Nd4j.exec(Nd4jOwnConvolution.forward(convolution.geometry(), x, weight, nd4j));
      float[] naive =
          NaiveConvolution.forward(
              convolution.geometry(), HostCopy.floats(x), HostCopy.floats(weight), side);

      assertThat(HostCopy.floats(ours)).containsExactly(naive, Offset.offset(1e-5f));
      assertThat(HostCopy.floats(nd4j)).containsExactly(naive, Offset.offset(1e-5f));
    }
  }
}
