#!/usr/bin/env bash
# PyTorch 2.10.0 (Java, CPU with AVX-512): torch.jit.optimize_for_inference makes the last channels of some 1x1 convolutions wrong.
#
# One convolution of 16 channels, frozen: the answer is the module's. Optimised for inference, with 40, 72, 80, 104 or 112
# output channels, the channels behind the last whole 32 are other numbers, with and without a bias, with one image and with four.
# oneDNN 3.7.1 is inside. Its log (ONEDNN_VERBOSE=1) shows the weights packed once by blocks of 32 output channels
# (Acdb32a) and packed again by blocks of 16 (ABcd16b16a) for the kernel that runs. With ONEDNN_MAX_CPU_ISA=AVX2 all is right.
# EfficientNet-B0 has 40, 80 and 112 channels at the ends of its blocks: its logits are off by a fifth of the largest,
# without a message. Nothing is seen on a CPU without AVX-512, where this script says so and ends.
set -euo pipefail
if ! grep -qs avx512f /proc/cpuinfo; then
  echo "not run: this CPU has no AVX-512"
  exit 0
fi
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
    <dependency><groupId>org.bytedeco</groupId><artifactId>pytorch</artifactId><version>2.10.0-1.5.13</version></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>pytorch</artifactId><version>2.10.0-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.util.TreeSet;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

public class Probe {
  private static final int SIDE = 7;

  public static void main(String[] arguments) {
    for (int channels : new int[] {8, 24, 32, 40, 48, 56, 64, 72, 80, 96, 104, 112, 128}) {
      Tensor image = torch.randn(1, 16, SIDE, SIDE);
      float[] right = forward(convolution(channels), image);
      float[] frozen = forward(torch.freeze(convolution(channels)), image);
      float[] optimized = forward(torch.optimize_for_inference(torch.freeze(convolution(channels))), image);
      System.out.println(
          "seen: " + channels + " output channels: frozen, wrong " + wrong(right, frozen) + "; optimised, wrong " + wrong(right, optimized));
    }
  }

  private static JitModule convolution(int channels) {
    torch.manual_seed(1);
    JitModule module = new JitModule(new QualifiedName("Convolution"));
    module.register_parameter("weight", torch.randn(channels, 16, 1, 1), false);
    module.define("def forward(self, x):\n  return torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 1)\n");
    module.eval();
    return module;
  }

  private static float[] forward(JitModule module, Tensor image) {
    try (InferenceMode inference = new InferenceMode(true)) {
      Tensor output = module.forward(new IValueVector(new IValue(image))).toTensor().contiguous();
      float[] values = new float[(int) output.numel()];
      output.data_ptr_float().get(values);
      return values;
    }
  }

  private static String wrong(float[] right, float[] other) {
    TreeSet<Integer> channels = new TreeSet<>();
    for (int i = 0; i < right.length; i++) {
      if (!(Math.abs(right[i] - other[i]) < 1e-3)) {
        channels.add(i / (SIDE * SIDE));
      }
    }
    return channels.isEmpty() ? "none" : channels.first() + " to " + channels.last();
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: 8 output channels: frozen, wrong none; optimised, wrong none
seen: 24 output channels: frozen, wrong none; optimised, wrong none
seen: 32 output channels: frozen, wrong none; optimised, wrong none
seen: 40 output channels: frozen, wrong none; optimised, wrong 32 to 39
seen: 48 output channels: frozen, wrong none; optimised, wrong none
seen: 56 output channels: frozen, wrong none; optimised, wrong none
seen: 64 output channels: frozen, wrong none; optimised, wrong none
seen: 72 output channels: frozen, wrong none; optimised, wrong 64 to 71
seen: 80 output channels: frozen, wrong none; optimised, wrong 64 to 79
seen: 96 output channels: frozen, wrong none; optimised, wrong none
seen: 104 output channels: frozen, wrong none; optimised, wrong 96 to 103
seen: 112 output channels: frozen, wrong none; optimised, wrong 96 to 111
seen: 128 output channels: frozen, wrong none; optimised, wrong none
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
