#!/usr/bin/env bash
# ND4J 1.0.0-M2.1, SameDiff: the gradient of gather counts a row that is read several times once.
#
# gather is how an embedding, or the channels of a feature map, are looked up. The gradient of the sum of rows 0, 2, 2, 2 must be
# 1 for row 0 and 3 for row 2. SameDiff gives 1 and 1, without a message: later copies overwrite earlier ones. The same lookup by a product with one-hot rows has the right gradient.
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
    <dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version></dependency>
    <dependency>
      <groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version><classifier>linux-x86_64</classifier>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.util.Arrays;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class Probe {
  public static void main(String[] arguments) {
    for (boolean gather : new boolean[] {true, false}) {
      SameDiff sd = SameDiff.create();
      SDVariable x = sd.var("x", Nd4j.createFromArray(new double[][] {{1}, {2}, {4}}));
      SDVariable oneHot = sd.constant(Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}}));
      SDVariable rows = gather ? sd.gather(x, sd.constant(Nd4j.createFromArray(0, 2, 2, 2)), 0) : sd.mmul(oneHot, x);
      SDVariable loss = sd.sum("total", rows);
      sd.setLossVariables("total");
      System.out.printf(
          "seen: %s: sum %.0f, gradient %s%n",
          gather ? "gather of rows 0 2 2 2" : "the same by one-hot rows",
          loss.eval().getDouble(0),
          Arrays.toString(sd.calculateGradients(Map.<String, INDArray>of(), "x").get("x").ravel().toDoubleVector()));
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: gather of rows 0 2 2 2: sum 13, gradient [1.0, 0.0, 1.0]
seen: the same by one-hot rows: sum 13, gradient [1.0, 0.0, 3.0]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
