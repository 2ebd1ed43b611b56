package boot;

import io.camjar.engine.UnknownNameException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.ImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers an image with its heat map, as an overlay or as a record. */
@RestController
class ExplainController {
  private final Explainer explainer;

  ExplainController(Explainer explainer) {
    this.explainer = explainer;
  }

  @PostMapping(path = "/explain", produces = MediaType.IMAGE_PNG_VALUE)
  byte[] overlay(@RequestBody byte[] image, @RequestParam(defaultValue = "") String of)
      throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(explanation(image, of).overlay(), "png", png);
    return png.toByteArray();
  }

  @PostMapping(path = "/explain", produces = MediaType.APPLICATION_JSON_VALUE)
  String record(@RequestBody byte[] image, @RequestParam(defaultValue = "") String of) {
    return explanation(image, of).toJson();
  }

  private Explanation explanation(byte[] image, String of) {
    return explainer.explain(image, of.isEmpty() ? Target.top1() : Target.named(of));
  }

  /** What is wrong with an image or a name is the client's to know. */
  @ExceptionHandler({ImageException.class, UnknownNameException.class})
  ResponseEntity<String> unusable(RuntimeException problem) {
    return ResponseEntity.badRequest()
        .contentType(MediaType.TEXT_PLAIN)
        .body(problem.getMessage());
  }
}
