package consumer;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Explains an image, and leaves the page and the record that the command line would leave. */
public final class Main {
  private Main() {}

  /** Takes the names of a weights file and of an image. */
  public static void main(String[] args) throws IOException {
    Checkpoint checkpoint = Checkpoints.open(Path.of(args[0]));
    try (Network network = checkpoint.network()) {
      Explainer explainer = Explainer.of(network, checkpoint).withMethod(CamMethod.gradCam());
      BufferedImage image = ImageIO.read(new File(args[1]));
      Explanation explanation = explainer.explain(image);
      System.out.println(explanation.top(1));
      explanation.slowKernels().ifPresent(why -> System.out.println("slow: " + why));
      ImageIO.write(explanation.overlay(), "png", new File("overlay.png"));
      HtmlReport.write(explanation, Path.of("page.html"));
      Files.writeString(Path.of("record.json"), explanation.toJson());
    }
    // What a file holds is told by its content; this one is the built-in network's.
    CheckpointConverter.toSafetensors(
        Checkpoints.builtin(), Path.of("resnet34.pth"), NameStyle.TORCHVISION, DType.FLOAT32);
    ReadmeExample.run();
  }
}
