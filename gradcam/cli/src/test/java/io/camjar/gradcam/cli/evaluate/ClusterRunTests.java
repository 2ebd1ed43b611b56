package io.camjar.gradcam.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.cli.ColourNetwork;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code evaluate --clusters}: half of one class bears a mark in a corner, which the network goes
 * by.
 */
class ClusterRunTests {
  private static final int FAINT_RED = 0xc08080;
  private static final int RED = 0xff1010;

  @TempDir private Path temp;
  private Path weights;
  private Path images;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    weights = ColourNetwork.seeing(0).write(temp.resolve("red.safetensors"));
    images = temp.resolve("images");
    out = temp.resolve("out");
    Random random = new Random(3);
    for (int i = 0; i < 12; i++) {
      int[] object = {24 * random.nextInt(3), 24 * random.nextInt(3), 40, FAINT_RED};
      ColourNetwork.write(images.resolve("spot/plain" + i + ".png"), object);
      ColourNetwork.write(
          images.resolve("spot/marked" + i + ".png"), object, new int[] {64, 64, 64, RED});
      ColourNetwork.write(images.resolve("none/gray" + i + ".png"));
    }
  }

  private Run evaluate(String... more) {
    List<String> args =
        new ArrayList<>(List.of("evaluate", images.toString(), "--weights", weights.toString()));
    args.addAll(List.of("--size", "128", "--out", out.toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  @Test
  void imagesThatAreRightForTheMarksSakeAreAClusterOfTheirOwn() throws IOException {
    Run run = evaluate("--clusters");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode record = new ObjectMapper().readTree(out.resolve("clusters.json").toFile());
    JsonNode spot = record.at("/classes/0");
    assertThat(spot.at("/class/label").asText()).isEqualTo("spot");
    assertThat(spot.get("images").asInt()).isEqualTo(24);
    assertThat(spot.get("right").asInt()).isEqualTo(24);
    assertThat(spot.get("clusters"))
        .anySatisfy(
            cluster -> {
              assertThat(cluster.get("images")).hasSize(12);
              assertThat(cluster.get("images"))
                  .allMatch(image -> image.asText().startsWith("spot/marked"));
              assertThat(cluster.get("mean").get(13 * 14 + 13).asDouble()).isGreaterThan(0.9);
            });
    assertThat(run.out().lines().toList().get(1)).startsWith("spot ").contains("12 (12 right)");
  }

  @Test
  void theSheetsTheTableAndThePageAreWritten() throws IOException {
    Run run = evaluate("--clusters", "2");

    assertThat(run.err()).contains("clusters.csv", "class-means.png", "clusters.html");
    assertThat(Files.readAllLines(out.resolve("clusters.csv")))
        .hasSize(1 + 36)
        .startsWith(
            "image,predicted_index,predicted,probability,actual_index,actual,right,status,cluster");
    assertThat(Images.read(out.resolve("clusters.png")).width()).isEqualTo(1992);
    assertThat(Images.read(out.resolve("class-means.png")).width()).isPositive();
    assertThat(Files.readString(out.resolve("clusters.html")))
        .contains("Cluster 2 of 2", "24 images are taken for this class, 24 of them rightly");
  }

  @Test
  void theFolderMayFollowTheOption() {
    Run run =
        Run.of(
            "evaluate",
            "--clusters",
            images.toString(),
            "--weights",
            weights.toString(),
            "--size",
            "128",
            "--limit",
            "6",
            "--out",
            out.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("6 images, resnet18");
  }

  @Test
  void anImageThatCannotBeReadIsReportedAndTheOthersCount() throws IOException {
    Files.writeString(images.resolve("spot/broken.png"), "no image");

    Run run = evaluate("--clusters");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("broken.png");
    assertThat(run.out()).contains("36 images, ");
  }

  @Test
  void usageThatMakesNoSenseIsRefused() {
    assertThat(evaluate("--clusters", "0").exitCode()).isEqualTo(2);
    assertThat(evaluate("--clusters", "--sanity").exitCode()).isEqualTo(2);
    assertThat(evaluate("--clusters", "--method", "gradcam,layercam").err())
        .contains("--clusters groups the maps of one method");
  }
}
