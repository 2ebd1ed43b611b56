///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS io.camjar:camjar-bom:0.1.0-SNAPSHOT@pom
//DEPS io.camjar:camjar-gradcam
//DEPS org.slf4j:slf4j-nop:2.0.17
//RUNTIME_OPTIONS --add-modules jdk.incubator.vector

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** {@code jbang Explain.java IMAGE OVERLAY.png [WEIGHTS]}: prints the classes, writes the heat map. */
public class Explain {
  public static void main(String[] args) throws IOException {
    Checkpoint checkpoint =
        args.length > 2 ? Checkpoints.open(Path.of(args[2])) : Checkpoints.builtin();
    try (Network network = checkpoint.network()) {
      Explanation explanation = Explainer.of(network, checkpoint).explain(Path.of(args[0]));
      explanation.top(3).forEach(System.out::println);
      ImageIO.write(explanation.overlay(), "png", new File(args[1]));
    }
  }
}
