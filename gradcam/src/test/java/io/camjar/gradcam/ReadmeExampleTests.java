package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The README's example is the method below, line by line, so that it compiles. */
class ReadmeExampleTests {
  static void example() throws IOException {
    Checkpoint checkpoint = Checkpoints.open(Path.of("resnet34.pth"));
    try (Network network = checkpoint.network()) {
      Explainer explainer =
          Explainer.of(network, checkpoint).withMethod(CamMethod.gradCam()).withLayers("all");
      Explanation e =
          explainer.explain(Path.of("dog.jpg")); // a BufferedImage, a stream or bytes will do
      System.out.println(e.top(3));
      ImageIO.write(e.overlay(e.map("layer4.2")), "png", new File("dog.png"));
      Png.write(
          EvolutionSheet.draw(e.evolution(e.targets().get(0)), ColorMap.JET, 0.5),
          Path.of("sheet.png"));
      Files.writeString(Path.of("dog.json"), e.toJson());
      HtmlReport.write(e, Path.of("dog.html"));
    }
  }

  @Test
  void theReadmeShowsThisMethod() throws IOException {
    Path root = Path.of(System.getProperty("camjar.root"));
    String readme = Files.readString(root.resolve("README.md"));
    String source =
        Files.readString(
            root.resolve("gradcam/src/test/java/io/camjar/gradcam/ReadmeExampleTests.java"));
    String shown = readme.substring(readme.indexOf("```java") + 7, readme.lastIndexOf("```"));
    List<String> lines = shown.strip().lines().toList();

    assertThat(lines.size()).isLessThanOrEqualTo(10);
    assertThat(squeezed(source)).contains(squeezed(shown));
  }

  private static String squeezed(String code) {
    return code.replaceAll("//.*", "").replaceAll("\\s+", "");
  }
}
