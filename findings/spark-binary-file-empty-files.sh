#!/usr/bin/env bash
# Spark 4.2.0 (Scala 2.13): the source binaryFile leaves out empty files, without a row, a count or a message.
#
# binaryFile gives "each file as a row", so that a job over a million images can tell which of them are damaged. A file of no bytes,
# what an interrupted upload leaves, is not among the rows; named by itself it gives no row and no error. SparkContext.binaryFiles lists it.
# Whoever counts rows to see that every image was handled is short of exactly the damaged ones.
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
    <dependency><groupId>org.scala-lang</groupId><artifactId>scala-library</artifactId><version>2.13.18</version></dependency>
    <dependency><groupId>org.apache.spark</groupId><artifactId>spark-sql_2.13</artifactId><version>4.2.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

public class Probe {
  public static void main(String[] args) throws Exception {
    Path images = Files.createDirectory(Path.of("images"));
    Files.write(images.resolve("whole.jpg"), new byte[] {1, 2, 3});
    Path empty = Files.write(images.resolve("empty.jpg"), new byte[0]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    System.out.println("files               " + images.toFile().list().length);
    System.out.println("binaryFile          " + spark.read().format("binaryFile").load("images").count());
    System.out.println("binaryFile, by name " + spark.read().format("binaryFile").load(empty.toString()).count());
    System.out.println("binaryFiles (RDD)   " + spark.sparkContext().binaryFiles("images", 2).count());
    spark.stop();
  }
}
JAVA
packages="java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar"
javac -cp "$(cat classpath)" Probe.java
# shellcheck disable=SC2046  # options
java $(printf -- '--add-opens=java.base/%s=ALL-UNNAMED ' $packages) -cp ".:$(cat classpath)" Probe 2>/dev/null >seen
cat >expected <<'SEEN'
files               2
binaryFile          1
binaryFile, by name 0
binaryFiles (RDD)   2
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
