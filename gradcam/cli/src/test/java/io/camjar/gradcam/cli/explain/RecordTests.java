package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.StreamSupport;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of {@code explain}: as its schema says, and complete enough to be trusted later. */
class RecordTests {
  private static final Path SCHEMA =
      Path.of(System.getProperty("camjar.root"), "gradcam", "docs", "explanation.schema.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path weights;
  private Path image;

  @BeforeEach
  void files() throws IOException {
    weights =
        TinyCheckpoint.answering(3, 2, 1, 0, -1)
            .named("tench", "church", "golf ball", "gas pump", "parachute")
            .write(folder.resolve("tiny.safetensors"));
    image = TinyImage.write(folder.resolve("dog.png"), 60, 45);
  }

  @Test
  void isAsTheSchemaSays() throws IOException {
    assertThat(problems(explain())).isEmpty();
    assertThat(problems(explain("--expect", "church"))).isEmpty();
    assertThat(problems(explain("--outputs", "raw", "--sign", "signed"))).isEmpty();
  }

  /** The check above can fail. */
  @ParameterizedTest
  @ValueSource(strings = {"schema", "camjar", "kernels", "assumed", "style", "outputs", "maps"})
  void aRecordThatLacksAPartIsNotAsTheSchemaSays(String part) throws IOException {
    ObjectNode record = (ObjectNode) explain();
    record.remove(part);
    assertThat(problems(record)).anyMatch(problem -> problem.getMessage().contains(part));
  }

  @Test
  void saysWhoSaidHowTheImageWasPrepared() throws IOException {
    JsonNode plain = explain();
    assertThat(assumed(plain, "preparation.size")).isEqualTo("224 x 224 default");
    assertThat(assumed(plain, "preparation.framing")).startsWith("torchvision");

    JsonNode changed = explain("--size", "96", "--outputs", "sigmoid");
    assertThat(assumed(changed, "preparation.size")).isEqualTo("96 x 96 option");
    assertThat(assumed(changed, "outputs.activation")).isEqualTo("sigmoid option");
    assertThat(assumed(changed, "outputs.labels")).isEqualTo("5 names file");
    assertThat(assumed(changed, "weights.names")).endsWith(" file");
  }

  @Test
  void saysWhichPartOfTheImageTheNetworkSaw() throws IOException {
    JsonNode input = explain().get("input");
    assertThat(input.at("/picture/width").asInt()).isEqualTo(60);
    assertThat(input.at("/picture/height").asInt()).isEqualTo(45);
    // The short side goes to 256, of which 224 are kept.
    double width = input.at("/region/right").asDouble() - input.at("/region/left").asDouble();
    double height = input.at("/region/bottom").asDouble() - input.at("/region/top").asDouble();
    assertThat(height).isEqualTo(45 * 224 / 256.0);
    assertThat(width).isBetween(height - 0.1, height + 0.1);
  }

  @Test
  void tellsOfTheExpectedClass() throws IOException {
    JsonNode expected = explain("--expect", "golf ball").get("expected");
    assertThat(expected.get("index").asInt()).isEqualTo(2);
    assertThat(expected.get("rank").asInt()).isEqualTo(3);
    assertThat(expected.get("right").asBoolean()).isFalse();
    assertThat(expected.get("logit").asDouble()).isEqualTo(1);
    assertThat(explain().has("expected")).isFalse();
  }

  @Test
  void saysHowSamplesOfMoreThanEightBitsWereTaken() throws IOException {
    BufferedImage gray = new BufferedImage(40, 30, BufferedImage.TYPE_USHORT_GRAY);
    gray.getRaster().setSample(3, 4, 0, 4000);
    ImageIO.write(gray, "png", image.toFile());

    assertThat(assumed(explain(), "image.samples")).contains("16", "default");
    assertThat(assumed(explain("--range", "0,4095"), "image.samples"))
        .contains("0", "4095", "option");
  }

  @Test
  void saysWhichPageWasTaken() throws IOException {
    image = folder.resolve("dog.tif");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(image.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int page = 0; page < 3; page++) {
        BufferedImage content = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        writer.writeToSequence(new IIOImage(content, null, null), null);
      }
      writer.endWriteSequence();
    }

    assertThat(assumed(explain(), "image.page")).isEqualTo("1 of 3 default");
    assertThat(assumed(explain("--page", "2"), "image.page")).isEqualTo("2 of 3 option");
  }

  @Test
  void saysWhetherTheImageWasTurned() throws IOException {
    image = folder.resolve("dog.jpg");
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB), "jpg", plain);
    // APP1 of 34 bytes: big-endian TIFF whose only entry is the orientation, 6.
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe100224578696600004d4d002a000000080001"
                    + "011200030000000100060000"
                    + "00000000");
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(plain.toByteArray(), 0, 2);
    turned.write(exif);
    turned.write(plain.toByteArray(), 2, plain.size() - 2);
    Files.write(image, turned.toByteArray());

    JsonNode upright = explain();
    assertThat(assumed(upright, "image.orientation")).isEqualTo("6 file");
    assertThat(upright.at("/input/picture/width").asInt()).isEqualTo(40);
    JsonNode asStored = explain("--orient", "none");
    assertThat(assumed(asStored, "image.orientation")).endsWith("option");
    assertThat(asStored.at("/input/picture/width").asInt()).isEqualTo(60);
  }

  private JsonNode explain(String... more) throws IOException {
    Path out = Files.createTempDirectory(folder, "out");
    String[] start = {
      "explain", image.toString(), "--weights", weights.toString(), "--out", out.toString()
    };
    String[] arguments = new String[start.length + more.length];
    System.arraycopy(start, 0, arguments, 0, start.length);
    System.arraycopy(more, 0, arguments, start.length, more.length);
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(out.resolve("dog.json").toFile());
  }

  private static String assumed(JsonNode record, String what) {
    return StreamSupport.stream(record.get("assumed").spliterator(), false)
        .filter(one -> one.get("what").asText().equals(what))
        .map(one -> one.get("value").asText() + " " + one.get("source").asText())
        .findFirst()
        .orElse("");
  }

  private static Set<ValidationMessage> problems(JsonNode record) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(JSON.readTree(SCHEMA.toFile()));
    return schema.validate(record);
  }
}
