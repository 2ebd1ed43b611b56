package io.camjar.gradcam.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One local session, two tasks side by side. */
class CamTransformerTests {
  private static final int GOOD = 12;

  @TempDir static Path temp;
  private static SparkSession spark;
  private static Path weights;
  private static Path images;

  @BeforeAll
  static void session() throws IOException {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", temp.resolve("warehouse").toString())
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    weights =
        new TinyCheckpoint()
            .named("ball", "horn", "church", "pump", "saw")
            .write(temp.resolve("tiny.safetensors"));
    images = temp.resolve("images");
    for (int i = 0; i < GOOD; i++) {
      write(images.resolve(i % 2 == 0 ? "ball" : "horn").resolve("image" + i + ".png"), i);
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static void write(Path file, int seed) throws IOException {
    byte[] rgb = new byte[3 * 70 * 64];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * (37 + 2 * seed) + i / 210 * seed);
    }
    Files.createDirectories(file.getParent());
    Files.write(file, Png.encode(RgbImage.of(70, 64, rgb)));
  }

  private static CamTransformer transformer() {
    return new CamTransformer().setWeights(weights.toString()).setSize("64");
  }

  private static Dataset<Row> binaryFiles(Path folder) {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(folder.toString());
  }

  private static Dataset<Row> listed(Path folder) {
    return ImagePaths.of(folder.toString(), spark.sparkContext().hadoopConfiguration())
        .toDataset(spark, 3);
  }

  private static Map<String, Row> byName(Dataset<Row> explained) {
    Map<String, Row> rows = new HashMap<>();
    for (Row row : explained.collectAsList()) {
      String path = row.getAs("path");
      rows.put(path.substring(path.lastIndexOf('/') + 1), row.getAs("explanation"));
    }
    return rows;
  }

  @Test
  void explanationsAreThoseOfTheLibrary() throws IOException {
    Map<String, Row> rows =
        byName(transformer().setLayers("layer3", "layer4.1").transform(binaryFiles(images)));

    Checkpoint checkpoint = Checkpoints.open(weights);
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint);
      explainer =
          explainer.withPreset(explainer.preset().withSize(64)).withLayers("layer3", "layer4.1");
      assertThat(rows).hasSize(GOOD);
      for (int i = 0; i < GOOD; i++) {
        String name = "image" + i + ".png";
        Row row = rows.get(name);
        Explanation expected =
            explainer.explain(images.resolve(i % 2 == 0 ? "ball" : "horn").resolve(name));
        assertThat(row.isNullAt(row.fieldIndex("error"))).isTrue();
        List<Row> top = row.getList(row.fieldIndex("top"));
        Prediction first = expected.top(1).get(0);
        assertThat(top).hasSize(5);
        assertThat(top.get(0).<Integer>getAs("index")).isEqualTo(first.target().index());
        assertThat(top.get(0).<String>getAs("label")).isEqualTo(first.target().label());
        assertThat(top.get(0).<Float>getAs("logit")).isEqualTo(first.logit());
        List<Row> maps = row.getList(row.fieldIndex("maps"));
        assertThat(maps).hasSize(2);
        for (int m = 0; m < 2; m++) {
          Row map = maps.get(m);
          assertThat(map.<String>getAs("layer")).isEqualTo(expected.maps().get(m).layer());
          assertThat(map.<Float>getList(map.fieldIndex("raw")))
              .isEqualTo(boxed(expected.maps().get(m).raw()));
          assertThat(map.isNullAt(map.fieldIndex("png"))).isTrue();
        }
      }
    }
  }

  private static List<Float> boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return Arrays.asList(boxed);
  }

  @Test
  void theContentIsLeftOutAndPathsWillDoForIt() {
    Dataset<Row> bytes = transformer().transform(binaryFiles(images));
    Dataset<Row> paths = transformer().setInputCol("path").transform(listed(images));

    assertThat(bytes.columns())
        .containsExactly("path", "modificationTime", "length", "explanation");
    assertThat(paths.columns()).containsExactly("path", "folder", "explanation");
    Map<String, Row> first = byName(bytes);
    byName(paths).forEach((name, row) -> assertThat(row).isEqualTo(first.get(name)));
  }

  @Test
  void anImageThatCannotBeExplainedIsARowWithItsReason() throws IOException {
    Path mixed = temp.resolve("mixed");
    write(mixed.resolve("good.png"), 1);
    Files.writeString(mixed.resolve("corrupt.jpg"), "no image");
    Files.write(mixed.resolve("empty.png"), new byte[0]);
    Files.write(mixed.resolve("huge.png"), hugePng());
    try (var cmyk = CamTransformerTests.class.getResourceAsStream("/pictures/cmyk.jpg")) {
      Files.write(mixed.resolve("cmyk.jpg"), cmyk.readAllBytes());
    }

    // Spark's own source would pass over the empty file without a word.
    Map<String, Row> rows = byName(transformer().setInputCol("path").transform(listed(mixed)));

    assertThat(binaryFiles(mixed).count()).isEqualTo(4);
    assertThat(rows).hasSize(5);
    assertThat(error(rows.get("good.png"))).isNull();
    assertThat(error(rows.get("corrupt.jpg"))).contains("corrupt.jpg");
    assertThat(error(rows.get("empty.png"))).contains("empty.png");
    assertThat(error(rows.get("huge.png"))).contains("12000 x 9000").contains("100 million");
    assertThat(rows.get("corrupt.jpg").isNullAt(3)).isTrue();
    Row cmyk = rows.get("cmyk.jpg");
    assertThat(error(cmyk)).isNull();
    Explanation expected = explain(mixed.resolve("cmyk.jpg"));
    assertThat(cmyk.<Row>getList(cmyk.fieldIndex("top")).get(0).<Float>getAs("logit"))
        .isEqualTo(expected.top(1).get(0).logit());
  }

  private static Explanation explain(Path file) {
    Checkpoint checkpoint = Checkpoints.open(weights);
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint);
      return explainer.withPreset(explainer.preset().withSize(64)).explain(file);
    }
  }

  private static String error(Row row) {
    return row.getAs("error");
  }

  /** A PNG that says it has 108 million pixels. */
  private static byte[] hugePng() {
    ByteBuffer png = ByteBuffer.allocate(8 + 25 + 12);
    png.putLong(0x89504E470D0A1A0AL);
    byte[] header =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.ISO_8859_1))
            .putInt(12000)
            .putInt(9000)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(header);
    png.putInt(13).put(header).putInt((int) crc.getValue());
    return png.putInt(0)
        .put("IEND".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(0xAE426082)
        .array();
  }

  @Test
  void eachImageIsExplainedOnceHoweverOftenItsResultIsUsed() {
    long before = ExplainRows.count();

    List<Row> rows =
        transformer()
            .transform(binaryFiles(images))
            .withColumn("logit", functions.expr("explanation.top[0].logit"))
            .withColumn("twice", functions.expr("explanation.top[0].logit * 2"))
            .where("explanation.error is null and logit > -1000")
            .groupBy(functions.expr("explanation.top[0].label"))
            .agg(functions.max("logit"), functions.sum("twice"), functions.count("path"))
            .collectAsList();

    assertThat(rows.stream().mapToLong(row -> row.getLong(3)).sum()).isEqualTo(GOOD);
    assertThat(ExplainRows.count() - before).isEqualTo(GOOD);
  }

  @Test
  void aNetworkIsLoadedOnceWhateverTheNumberOfTasks() {
    transformer().transform(binaryFiles(images).repartition(7)).count();
    int loaded = LoadedNetworks.count();

    transformer().setLayers("layer2").transform(binaryFiles(images).repartition(5)).count();

    assertThat(LoadedNetworks.count()).isEqualTo(loaded);
  }

  @Test
  void aSavedTransformerDoesTheSameWhenLoaded() throws IOException {
    CamTransformer saved =
        transformer().setLayers("layer3").setClasses("horn").setFormats("raw", "png").setTop(2);
    String folder = temp.resolve("saved").toString();
    saved.write().overwrite().save(folder);

    CamTransformer loaded = CamTransformer.load(folder);

    assertThat(loaded.uid()).isEqualTo(saved.uid());
    assertThat(loaded.extractParamMap().toSeq().size())
        .isEqualTo(saved.extractParamMap().toSeq().size());
    Map<String, Row> expected = byName(saved.transform(binaryFiles(images)));
    Map<String, Row> found = byName(loaded.transform(binaryFiles(images)));
    Row map = found.get("image3.png").<Row>getList(7).get(0);
    assertThat(map.<Row>getAs("class").<String>getAs("label")).isEqualTo("horn");
    assertThat(map.<Float>getList(map.fieldIndex("raw")))
        .isEqualTo(
            expected.get("image3.png").<Row>getList(7).get(0).getList(map.fieldIndex("raw")));
    assertThat(ImageIO.read(new ByteArrayInputStream(map.getAs("png"))).getWidth()).isEqualTo(70);
  }

  @Test
  void whatCannotBeDoneIsRefusedBeforeTheJob() {
    assertThatThrownBy(() -> transformer().setLayers("layer9").transform(binaryFiles(images)))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("layer9");
    assertThatThrownBy(() -> transformer().setClasses("dog").transform(binaryFiles(images)))
        .hasMessageContaining("dog");
    assertThatThrownBy(() -> transformer().setInputCol("bytes").transform(binaryFiles(images)))
        .hasMessageContaining("there is no column \"bytes\"; there are path");
    assertThatThrownBy(() -> transformer().setWeights("/no.pth").transform(binaryFiles(images)))
        .hasMessageContaining("no.pth");
    assertThatThrownBy(() -> transformer().setFormats("jpeg").transform(binaryFiles(images)))
        .hasMessageContaining("raw, scaled, png");
  }

  @Test
  void weightsThatArriveDamagedAreRefused() {
    ShippedWeights sent = ShippedWeights.read(weights.toString());
    byte[] damaged = sent.files().get(0).content().clone();
    damaged[damaged.length - 1] ^= 1;

    assertThatThrownBy(
            () ->
                new ShippedWeights(
                        List.of(new ShippedWeights.Shipped("tiny.safetensors", damaged)),
                        sent.sha256())
                    .unpack(temp))
        .hasMessageContaining("have not arrived as they were sent");
  }

  @Test
  void theCommandWritesExplanationsMeansAndLosses() throws IOException {
    Path folder = temp.resolve("all");
    write(folder.resolve("run=1/ball/a.png"), 1);
    write(folder.resolve("_kept/b.png"), 2);
    write(folder.resolve("_c.png"), 3);
    write(folder.resolve(".hidden/d.png"), 4);
    Files.writeString(folder.resolve("notes.txt"), "");
    Files.writeString(folder.resolve("corrupt.png"), "no image");
    Path out = temp.resolve("out");
    String[] args = {
      folder.toString(), "--weights", weights.toString(), "--size", "64", "--out", out.toString()
    };

    long before = ExplainRows.count();
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    int code =
        new SparkMain(new PrintWriter(stdout, true), new PrintWriter(stderr, true))
            .runWith(spark, args);

    assertThat(code).as(stderr.toString()).isEqualTo(3);
    assertThat(stderr.toString())
        .contains("files passed over, no images by their names: 1")
        .contains("hidden files and folders passed over: 1")
        .contains("2 images have names or folders that begin with _")
        .contains("1 images lie in folders such as run=1")
        .contains("corrupt.png");
    assertThat(stdout.toString()).startsWith("4 images in ").contains("1 of them failed; ");
    Dataset<Row> explained = spark.read().parquet(out + "/explanations");
    assertThat(explained.count()).isEqualTo(4);
    assertThat(ExplainRows.count() - before).as("explained once each").isEqualTo(4);
    assertThat(spark.read().parquet(out + "/top-losses").count()).isEqualTo(1);

    StringWriter again = new StringWriter();
    new SparkMain(new PrintWriter(stdout, true), new PrintWriter(again, true)).runWith(spark, args);
    assertThat(again.toString()).contains("is there already");
  }

  @Test
  void meansAreThoseOfTheMapsOfAClass() {
    Dataset<Row> explained =
        transformer()
            .setClasses("horn")
            .setFormats("scaled")
            .transform(binaryFiles(images))
            .cache();

    Row mean = Summaries.classMeans(explained, "explanation").first();

    double sum = 0;
    for (Row row : byName(explained).values()) {
      Row map = row.<Row>getList(7).get(0);
      sum += map.<Float>getList(map.fieldIndex("scaled")).get(2);
    }
    assertThat(mean.<Long>getAs("images")).isEqualTo(GOOD);
    assertThat(mean.<String>getAs("label")).isEqualTo("horn");
    assertThat(mean.<Float>getList(mean.fieldIndex("mean")).get(2).doubleValue())
        .isCloseTo(sum / GOOD, within(1e-6));
    explained.unpersist();
  }

  @Test
  void theLargestLossComesFirst() {
    Dataset<Row> explained =
        transformer().setLabelCol("folder").setInputCol("path").transform(listed(images));

    List<Row> losses = Summaries.topLosses(explained, "explanation", 5).collectAsList();

    assertThat(losses).hasSize(5);
    for (int i = 1; i < losses.size(); i++) {
      assertThat(losses.get(i).<Double>getAs("loss"))
          .isLessThanOrEqualTo(losses.get(i - 1).<Double>getAs("loss"));
    }
    Row totals = Summaries.totals(explained, "explanation").first();
    assertThat(totals.getLong(0)).isEqualTo(GOOD);
    assertThat(totals.getLong(2)).isEqualTo(GOOD);
  }

  /** The file that the launcher and these tests hand to Java. */
  @Test
  void theJvmsOptionsAreThoseThatSparkAsksFor() throws IOException {
    assertThat(Files.readAllLines(Path.of("java-options")))
        .containsAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
  }
}
