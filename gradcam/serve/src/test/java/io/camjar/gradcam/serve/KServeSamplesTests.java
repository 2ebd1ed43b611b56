package io.camjar.gradcam.serve;

import static io.camjar.gradcam.serve.Running.error;
import static io.camjar.gradcam.serve.Running.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests as the protocol's own pages and samples have them, word for word but for the image: the
 * page of protocol V1, TensorFlow's flowers, the image transformer of TorchServe and Triton, and
 * TorchServe's MNIST.
 */
class KServeSamplesTests {
  private static final String B64 = Base64.getEncoder().encodeToString(Running.png(1));

  @TempDir static Path folder;
  private static Running service;

  @BeforeAll
  static void start() throws IOException {
    service = Running.start(Running.OPTIONS, Running.source("tiny", Running.weights(folder)));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode post(String call, String body) {
    HttpResponse<byte[]> answer = service.post("/v1/models/tiny:" + call, body.formatted(B64));
    assertThat(answer.statusCode()).isEqualTo(200);
    return json(answer);
  }

  @Test
  void modelsAndTheirReadiness() {
    assertThat(service.get("/v1/models").body()).asString().isEqualTo("{\"models\":[\"tiny\"]}");
    assertThat(service.get("/v1/models/tiny").body())
        .asString()
        .isEqualTo("{\"name\":\"tiny\",\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"instances\": [{\"image_bytes\": {\"b64\": \"%s\"}, \"key\": \"   1\"}]}",
        "{\"instances\": [{\"image\": {\"b64\": \"%s\"}}]}",
        "{\"instances\": [{\"data\": \"%s\", \"target\": 0}]}",
        "{\"instances\": [{\"data\": {\"b64\": \"%s\"}}]}",
        "{\"instances\": [{\"b64\": \"%s\"}]}",
        "{\"inputs\": [{\"image\": {\"b64\": \"%s\"}}]}"
      })
  void eachFormOfAnImageIsExplained(String body) {
    JsonNode predicted = post("predict", body);
    JsonNode explained = post("explain", body);

    assertThat(predicted.fieldNames()).toIterable().containsExactly("predictions");
    assertThat(predicted.at("/predictions/0/top")).hasSize(5);
    assertThat(explained.fieldNames()).toIterable().containsExactly("predictions", "explanations");
    assertThat(explained.get("predictions")).isEqualTo(predicted.get("predictions"));
    assertThat(explained.at("/explanations/0/maps")).hasSize(1);
  }

  @Test
  void theTargetIsTheClassThatIsExplained() {
    String sample = "{\"instances\": [{\"data\": \"%s\", \"target\": 3}]}";
    assertThat(post("explain", sample).at("/explanations/0/maps/0/class/index").asInt())
        .isEqualTo(3);
  }

  @Test
  void theKeyComesBackAsItWasSent() {
    JsonNode answer =
        post(
            "predict",
            "{\"instances\": [{\"image_bytes\": {\"b64\": \"%1$s\"}, \"key\": \"   1\"},"
                + " {\"b64\": \"%1$s\", \"key\": 7}, {\"b64\": \"%1$s\"}]}");
    assertThat(answer.at("/predictions/0/key").asText()).isEqualTo("   1");
    assertThat(answer.at("/predictions/1/key").asInt()).isEqualTo(7);
    assertThat(answer.at("/predictions/2").has("key")).isFalse();
  }

  @Test
  void twoImagesOrTwoClassesInOneInstanceAreAnError() {
    JsonNode images = post("explain", "{\"instances\": [{\"b64\": \"%1$s\", \"data\": \"%1$s\"}]}");
    assertThat(images.at("/explanations/0/error").asText()).contains("one image");
    JsonNode classes =
        post("explain", "{\"instances\": [{\"b64\": \"%s\", \"class\": 1, \"target\": 2}]}");
    assertThat(classes.at("/explanations/0/error").asText()).contains("class and target");
  }

  /** A table of numbers, as the sample of scikit-learn sends it, is no image. */
  @Test
  void rowsOfNumbersAreAnErrorInTheirPlace() {
    JsonNode answer =
        post("predict", "{\"instances\": [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]]}");
    assertThat(answer.get("predictions")).hasSize(2);
    assertThat(answer.at("/predictions/1/error").asText()).contains("image_bytes");
  }

  @Test
  void aModelThatIsNotThereIs404() {
    HttpResponse<byte[]> answer = service.post("/v1/models/flowers:predict", "{\"instances\": []}");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(error(answer)).contains("flowers");
  }
}
