#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java): a direct FloatBuffer in Java's default byte order reaches the network as other numbers.
#
# ByteBuffer.allocateDirect(n).asFloatBuffer() is big-endian unless .order(ByteOrder.nativeOrder()) was called. createTensor takes it without
# a word and hands its memory to the native code: 1 and 2 arrive as 4.6e-41 and 9e-44, so any image is black and one class always wins.
# Reading the tensor back in Java shows 1 and 2, for that goes through the same view. From ByteBuffer.allocate (on the heap) the values are copied and right.
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
    <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import java.util.Map;

public class Probe {
  // One node, y = Neg(x), any length.
  private static final String NEGATE =
      "CAgSADo0CgsKAXgSAXkiA05lZxIBZ1oQCgF4EgsKCQgBEgUKAxIBbmIQCgF5EgsKCQgBEgUKAxIBbkIECgAQDg==";

  public static void main(String[] arguments) throws Exception {
    show("direct, default order", ByteBuffer.allocateDirect(8).asFloatBuffer());
    show("direct, native order", ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asFloatBuffer());
    show("heap, default order", ByteBuffer.allocate(8).asFloatBuffer());
  }

  private static void show(String what, FloatBuffer buffer) throws Exception {
    buffer.put(new float[] {1, 2}).flip();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(Base64.getDecoder().decode(NEGATE));
        OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, new long[] {2});
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      float[] input = (float[]) tensor.getValue();
      float[] output = (float[]) result.get(0).getValue();
      System.out.println("seen: " + what + ": input " + input[0] + " " + input[1] + ", negated " + output[0] + " " + output[1]);
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: direct, default order: input 1.0 2.0, negated -4.6006E-41 -9.0E-44
seen: direct, native order: input 1.0 2.0, negated -1.0 -2.0
seen: heap, default order: input 1.0 2.0, negated -1.0 -2.0
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
