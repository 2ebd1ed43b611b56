package boot;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Loads one network, which all requests share, and frees it at the end. */
@SpringBootApplication
public class ExplainService {
  public static void main(String[] args) {
    SpringApplication.run(ExplainService.class, args);
  }

  /** The file that the property {@code weights} names; the built-in model without. */
  @Bean
  Checkpoint checkpoint(@Value("${weights:}") String file) {
    return file.isEmpty() ? Checkpoints.builtin() : Checkpoints.open(Path.of(file));
  }

  @Bean(destroyMethod = "close")
  Network network(Checkpoint checkpoint) {
    return checkpoint.network();
  }

  @Bean
  Explainer explainer(Network network, Checkpoint checkpoint) {
    return Explainer.of(network, checkpoint);
  }
}
