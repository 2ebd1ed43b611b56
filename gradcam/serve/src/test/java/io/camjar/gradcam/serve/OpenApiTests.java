package io.camjar.gradcam.serve;

import static io.camjar.gradcam.serve.Running.instances;
import static io.camjar.gradcam.serve.Running.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The served description says what the service does. */
class OpenApiTests {
  private static final byte[] IMAGE = Running.png(3);

  @TempDir static Path folder;
  private static Running service;
  private static JsonNode api;

  @BeforeAll
  static void start() throws IOException {
    service = Running.start(Running.OPTIONS, Running.source("tiny", Running.weights(folder)));
    api = json(service.get("/openapi.json"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void everyAddressItNamesIsThere() {
    List<String> missing = new ArrayList<>();
    api.get("paths")
        .fields()
        .forEachRemaining(
            path -> {
              String address = path.getKey().replace("{model}", "tiny");
              for (String method : new String[] {"get", "post"}) {
                int status =
                    service
                        .send(
                            HttpRequest.newBuilder(service.at(address))
                                .method(
                                    method.toUpperCase(java.util.Locale.ROOT),
                                    BodyPublishers.ofString("{}")))
                        .statusCode();
                boolean there = status != 404 && status != 405;
                if (there != path.getValue().has(method)) {
                  missing.add(method + " " + address + " " + status);
                }
              }
            });
    assertThat(missing).isEmpty();
  }

  @Test
  void answersAreAsItDescribesThem() throws IOException {
    JsonNode explained =
        json(
            service.post(
                "/v1/models/tiny:explain",
                instances(IMAGE, "\"format\":[\"png\",\"npy\",\"html\"]", "\"layer\":\"no\"")));
    assertThat(faults("Explanations", explained)).isEmpty();
    assertThat(
            faults(
                "Predictions", json(service.post("/v1/models/tiny:predict", instances(IMAGE, "")))))
        .isEmpty();
    assertThat(faults("Models", json(service.get("/v1/models")))).isEmpty();
    assertThat(faults("Status", json(service.get("/v1/models/tiny")))).isEmpty();
    assertThat(faults("Error", json(service.get("/v1/models/no")))).isEmpty();
    assertThat(
            faults(
                "Instances",
                new ObjectMapper().readTree(instances(IMAGE, "\"layer\":[1,\"all\"]"))))
        .isEmpty();
  }

  @Test
  void anAnswerThatIsNotSoIsFound() {
    JsonNode listed = json(service.get("/v1/models"));
    assertThat(faults("Explanations", listed)).isNotEmpty();
  }

  private static List<String> faults(String name, JsonNode value) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", api.get("components"));
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(root);
    return schema.validate(value).stream().map(Object::toString).toList();
  }
}
