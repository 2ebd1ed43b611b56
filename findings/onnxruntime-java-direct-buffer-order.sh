#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java): a direct FloatBuffer in Java's default byte order is read as other numbers.
#
# ByteBuffer.allocateDirect(n).asFloatBuffer() is big-endian unless .order(ByteOrder.nativeOrder()) was called. createTensor takes it without
# a word and hands its memory to the native code: 1 and 2 become 4.6e-41 and 9e-44, so any image is black. The same buffer from
# ByteBuffer.allocate (on the heap) is copied value by value and right. Reading the tensor back by getFloatBuffer does show the wrong values; a class that always wins is the usual symptom.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

public class Probe {
  public static void main(String[] arguments) throws Exception {
    show("direct, default order", ByteBuffer.allocateDirect(8).asFloatBuffer());
    show("direct, native order", ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asFloatBuffer());
    show("heap, default order", ByteBuffer.allocate(8).asFloatBuffer());
  }

  private static void show(String what, FloatBuffer buffer) throws Exception {
    buffer.put(new float[] {1, 2}).flip();
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, new long[] {2})) {
      float[] values = (float[]) tensor.getValue();
      System.out.println("seen: " + what + ": " + values[0] + " " + values[1]);
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: direct, default order: 1.0 2.0
seen: direct, native order: 1.0 2.0
seen: heap, default order: 1.0 2.0
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
