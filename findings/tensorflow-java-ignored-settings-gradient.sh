#!/usr/bin/env bash
# TensorFlow Java 1.1.0: the gradients of dilated convolutions are those of convolutions without dilation, and LRN's know its defaults only.
#
# Weights 1 10 100 with dilation 2 (SAME) over 1 ... 5: the derivatives of the sum by the pixels are 11 11 111 110 110. addGradients gives 11 111 111 111 110, those of
# dilation 1, and by the weights 10 15 14 for 6 15 12. Depthwise convolutions do it too. Local response normalisation has the gradient of bias 1, alpha 1, beta 0.5,
# radius 5, whatever was set: with AlexNet's settings (2, 0.0001, 0.75, 2) and activations of 10 to 50 all five derivatives of the sum have
# the wrong sign: -0.125 ... -0.680 for 0.55 ... 0.33. Values are right, and so are gradients with dilation 1 and with LRN's defaults. No message.
# Central differences of the library's own values show it. Hurt: training of DeepLab- and WaveNet-like networks and of AlexNet in Java, and saliency maps of
# loaded graphs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.tensorflow</groupId><artifactId>tensorflow-core-api</artifactId><version>1.1.0</version></dependency>
    <dependency>
      <groupId>org.tensorflow</groupId><artifactId>tensorflow-core-native</artifactId><version>1.1.0</version><classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.op.nn.LocalResponseNormalization;
import org.tensorflow.types.TFloat32;

public class Probe {
  static final float[] PIXELS = {1, 2, 3, 4, 5}, WEIGHTS = {1, 10, 100}, CHANNELS = {10, 20, 30, 40, 50};

  static float[] run(Session session, Operand<TFloat32> x, Shape shape, float[] values, Output<TFloat32> wanted) {
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(values)); var results = session.runner().feed(x, tensor).fetch(wanted).run()) {
      TFloat32 result = (TFloat32) results.get(0);
      float[] read = new float[(int) result.size()];
      int[] at = {0};
      result.scalars().forEach(scalar -> read[at[0]++] = scalar.getFloat());
      return read;
    }
  }

  static void show(String name, Shape shape, float[] values, float step, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> layer) {
    try (Graph graph = new Graph(); Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Output<TFloat32> sum = tf.reduceSum(tf.reshape(layer.apply(tf, x), tf.constant(new int[] {-1})), tf.constant(0)).asOutput();
      @SuppressWarnings("unchecked")
      Output<TFloat32> gradient = (Output<TFloat32>) graph.addGradients(sum, new Output<?>[] {x.asOutput()})[0];
      StringBuilder line = new StringBuilder("seen: " + name + ": gradient");
      for (float derivative : run(session, x, shape, values, gradient)) {
        line.append(String.format(Locale.ROOT, step < 1 ? " %.3f" : " %.0f", derivative));
      }
      line.append(", differences");
      for (int i = 0; i < values.length; i++) {
        float[] more = values.clone();
        float[] less = values.clone();
        more[i] += step;
        less[i] -= step;
        float slope = (run(session, x, shape, more, sum)[0] - run(session, x, shape, less, sum)[0]) / (2 * step);
        line.append(String.format(Locale.ROOT, step < 1 ? " %.2f" : " %.0f", slope));
      }
      System.out.println(line);
    }
  }

  public static void main(String[] arguments) {
    Shape image = Shape.of(1, 1, 5, 1), kernel = Shape.of(1, 3, 1, 1);
    List<Long> ones = List.of(1L, 1L, 1L, 1L);
    for (long dilation : new long[] {1, 2}) {
      List<Long> dilations = List.of(1L, 1L, dilation, 1L), square = List.of(1L, dilation, dilation, 1L);
      String with = ", dilation " + dilation;
      show("conv2d by pixels" + with, image, PIXELS, 1, (tf, x) ->
          tf.nn.conv2d(x, tf.constant(TFloat32.tensorOf(kernel, DataBuffers.of(WEIGHTS))), ones, "SAME", Conv2d.dilations(dilations)));
      show("conv2d by weights" + with, kernel, WEIGHTS, 1, (tf, w) ->
          tf.nn.conv2d(tf.constant(TFloat32.tensorOf(image, DataBuffers.of(PIXELS))), w, ones, "SAME", Conv2d.dilations(dilations)));
      show("depthwise by pixels" + with, image, PIXELS, 1, (tf, x) ->
          tf.nn.depthwiseConv2dNative(x, tf.constant(TFloat32.tensorOf(kernel, DataBuffers.of(WEIGHTS))), ones, "SAME", DepthwiseConv2dNative.dilations(square)));
    }
    show("LRN of AlexNet", Shape.of(1, 1, 1, 5), CHANNELS, 0.5f, (tf, x) -> tf.nn.localResponseNormalization(x,
        LocalResponseNormalization.depthRadius(2L), LocalResponseNormalization.bias(2f),
        LocalResponseNormalization.alpha(0.0001f), LocalResponseNormalization.beta(0.75f)));
    show("LRN by default", Shape.of(1, 1, 1, 5), new float[] {1, 2, 3, 4, 5}, 0.01f, (tf, x) -> tf.nn.localResponseNormalization(x));
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>log | grep '^seen: ' >seen || { cat log >&2; exit 1; }
cat >expected <<'SEEN'
seen: conv2d by pixels, dilation 1: gradient 11 111 111 111 110, differences 11 111 111 111 110
seen: conv2d by weights, dilation 1: gradient 10 15 14, differences 10 15 14
seen: depthwise by pixels, dilation 1: gradient 11 111 111 111 110, differences 11 111 111 111 110
seen: conv2d by pixels, dilation 2: gradient 11 111 111 111 110, differences 11 11 111 110 110
seen: conv2d by weights, dilation 2: gradient 10 15 14, differences 6 15 12
seen: depthwise by pixels, dilation 2: gradient 11 111 111 111 110, differences 11 11 111 110 110
seen: LRN of AlexNet: gradient -0.125 -0.264 -0.402 -0.541 -0.680, differences 0.55 0.47 0.36 0.33 0.33
seen: LRN by default: gradient 0.098 0.062 0.026 -0.010 -0.045, differences 0.10 0.06 0.03 -0.01 -0.05
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
