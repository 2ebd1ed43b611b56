package io.camjar.gradcam.serve;

import static io.camjar.gradcam.serve.Running.error;
import static io.camjar.gradcam.serve.Running.instances;
import static io.camjar.gradcam.serve.Running.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.files.ExplanationFiles;
import io.camjar.gradcam.files.FileChoice;
import io.camjar.gradcam.files.FileFormat;
import io.camjar.gradcam.files.NamedBytes;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.serve.models.ServedModel;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to whom: KServe's V1, Open Inference V2, images as bodies, errors. */
class ProtocolTests {
  private static final byte[] IMAGE = Running.png(1);
  private static final String EXPLAIN = "/v1/models/tiny:explain";
  private static final String PREDICT = "/v1/models/tiny:predict";

  @TempDir static Path folder;
  private static Running service;
  private static ServedModel model;

  @BeforeAll
  static void start() throws IOException {
    Path file = Running.weights(folder);
    service =
        Running.start(Running.OPTIONS, Running.source("tiny", file), Running.source("b", file));
    model = Running.model(file);
  }

  @AfterAll
  static void stop() {
    service.close();
    model.network().close();
  }

  @Test
  void modelsAreListedAsKServeDoes() {
    HttpResponse<byte[]> list = service.get("/v1/models");
    assertThat(list.statusCode()).isEqualTo(200);
    assertThat(list.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(list.body()).asString().isEqualTo("{\"models\":[\"tiny\",\"b\"]}");
    assertThat(service.get("/v1/models/tiny").body())
        .asString()
        .isEqualTo("{\"name\":\"tiny\",\"ready\":true}");
  }

  @Test
  void aPredictionNamesTheMostLikelyClasses() {
    HttpResponse<byte[]> answer = service.post(PREDICT, instances(IMAGE, ""));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode root = json(answer);
    assertThat(root.has("explanations")).isFalse();
    JsonNode top = root.at("/predictions/0/top");
    assertThat(top).hasSize(5);
    JsonNode expected = recordOf(explained()).get("top");
    assertThat(top).isEqualTo(expected);
    assertThat(top.get(0).fieldNames())
        .toIterable()
        .containsExactly("index", "label", "logit", "probability");
  }

  @Test
  void anExplanationIsTheRecordWithItsFilesInIt() {
    HttpResponse<byte[]> answer =
        service.post(
            EXPLAIN,
            instances(
                IMAGE,
                "\"layer\":\"layer4.1\",\"class\":\"top1\",\"method\":\"gradcam\",\"format\":[\"png\",\"npy\"]"));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode record = json(answer).at("/explanations/0");
    JsonNode map = record.at("/maps/0");
    List<NamedBytes> files =
        ExplanationFiles.of(
                explained(),
                FileChoice.named("instance0").withFormats(FileFormat.PNG, FileFormat.NPY))
            .all();
    List<JsonNode> sent = new ArrayList<>();
    map.get("files").forEach(sent::add);
    record.get("files").forEach(sent::add);
    assertThat(sent).hasSize(6).hasSameSizeAs(files);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).fieldNames())
          .toIterable()
          .containsExactly("name", "media_type", "b64");
      assertThat(sent.get(i).get("name").asText()).isEqualTo(files.get(i).name());
      assertThat(sent.get(i).get("media_type").asText()).isEqualTo(files.get(i).mediaType());
      assertThat(decoded(sent.get(i))).isEqualTo(files.get(i).bytes());
    }
    assertThat(sent.get(0).get("name").asText()).matches("instance0_layer4\\.1_\\d\\.png");
    assertThat(record.at("/model/source").asText()).isEqualTo("tiny.safetensors");
    assertThat(json(answer).at("/predictions/0/top")).isEqualTo(record.get("top"));
  }

  @Test
  void eachInstanceHasItsOwnWishes() {
    JsonNode root =
        json(
            service.post(
                EXPLAIN,
                instances(
                    IMAGE,
                    "\"layer\":[\"layer3\",\"layer4\"],\"class\":[\"cat\",1],\"format\":\"npy\"",
                    "\"method\":\"eigencam\",\"name\":\"../a/my dog.jpeg\"",
                    "\"layer\":\"all\",\"format\":[\"html\",\"gif\"]")));

    JsonNode first = root.at("/explanations/0/maps");
    assertThat(first).hasSize(4);
    assertThat(first.at("/0/class/label").asText()).isEqualTo("cat");
    assertThat(first.at("/1/class/index").asInt()).isEqualTo(1);
    assertThat(root.at("/explanations/1/method").asText()).isEqualTo("eigencam");
    assertThat(root.at("/explanations/1/image").asText()).isEqualTo("../a/my dog.jpeg");
    assertThat(root.at("/explanations/1/maps/0/files/0/name").asText()).startsWith("my-dog_layer4");
    JsonNode files = root.at("/explanations/2/files");
    assertThat(files)
        .extracting(file -> file.get("name").asText())
        .containsExactly("instance2_evolution.gif", "instance2.html");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"layer\":\"layer9\" | layer9",
        "\"layer\":\"trunk\" | trunk",
        "\"layer\":\"trunk.*\" | no layer with maps matches",
        "\"class\":\"horse\" | horse",
        "\"class\":\"top9\" | top 9",
        "\"class\":\"top0\" | top0",
        "\"method\":\"magic\" | magic",
        "\"method\":[\"gradcam\",\"layercam\"] | one method",
        "\"format\":\"tiff\" | no format 'tiff'",
        "\"colormap\":\"grey\" | grey",
        "\"alpha\":2 | alpha",
        "\"layers\":\"all\" | no 'layers'",
        "\"layer\":{} | a word",
        "\"image_bytes\":3 | image_bytes"
      })
  void aBadInstanceHasAnErrorInItsPlace(String option, String said) {
    HttpResponse<byte[]> answer = service.post(EXPLAIN, instances(IMAGE, "", option, ""));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode root = json(answer);
    assertThat(root.get("predictions")).hasSize(3);
    assertThat(root.at("/explanations/1/error").asText())
        .contains(said.strip())
        .doesNotContain("./camjar");
    assertThat(root.at("/predictions/1/error").asText()).contains(said.strip());
    assertThat(root.at("/explanations/0/maps")).hasSize(1);
    assertThat(root.at("/explanations/2/maps")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"image_bytes\":{\"b64\":\"@@@\"}}",
        "{\"image_bytes\":{\"b64\":\"\"}}",
        "{\"image_bytes\":{\"b64\":\"aGVsbG8gd29ybGQ=\"}}",
        "{\"image_bytes\":{}}",
        "{}",
        "[1,2]",
        "null",
        "\"x\""
      })
  void soHasWhatIsNoImage(String instance) {
    HttpResponse<byte[]> answer = service.post(PREDICT, "{\"instances\":[" + instance + "]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).at("/predictions/0/error").asText()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"x\"",
        "{\"inputs\":{}}",
        "{\"instances\":{}}",
        "{} {}",
        "{\"instances\":[}",
        "nul"
      })
  void aBadRequestIs400(String body) {
    HttpResponse<byte[]> answer = service.post(EXPLAIN, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).fieldNames()).toIterable().containsExactly("error");
    assertThat(error(answer)).isNotBlank().doesNotContain("\n");
  }

  @Test
  void anImageIsAnInstance() {
    HttpResponse<byte[]> answer =
        service.postImage(EXPLAIN + "?layer=layer4.1&class=bee&format=npy", IMAGE, "*/*");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode map = json(answer).at("/explanations/0/maps/0");
    assertThat(map.at("/class/label").asText()).isEqualTo("bee");
    assertThat(map.get("files")).hasSize(2);
    assertThat(json(service.postImage(PREDICT, IMAGE, "*/*")).at("/predictions/0/top")).hasSize(5);
  }

  /** Images have no letters, addresses have UTF-8, and so has JSON. */
  @ParameterizedTest
  @ValueSource(strings = {"utf-8", "nonsense", "utf-16", "iso-8859-1", "", "a b"})
  void aCharsetChangesNothing(String charset) {
    HttpResponse<byte[]> image =
        sent(EXPLAIN + "?name=gr%C3%BCn+1&format=npy", "image/png", charset, IMAGE);
    byte[] instances = instances(IMAGE, "\"name\": \"grün 1\"").getBytes(UTF_8);
    HttpResponse<byte[]> json = sent(EXPLAIN, "application/json", charset, instances);

    for (HttpResponse<byte[]> answer : List.of(image, json)) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).at("/explanations/0/maps/0/files/0/name").asText())
          .startsWith("grün-1_");
    }
  }

  private static HttpResponse<byte[]> sent(String path, String type, String charset, byte[] body) {
    return service.send(
        HttpRequest.newBuilder(service.at(path))
            .header("Content-Type", type + "; charset=" + charset)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void anImageMayBeAnsweredWithAnOverlayOrAPage() {
    HttpResponse<byte[]> overlay = service.postImage(EXPLAIN, IMAGE, "image/png");
    assertThat(overlay.headers().firstValue("Content-Type")).hasValue("image/png");
    Explanation library = explained();
    assertThat(overlay.body())
        .isEqualTo(ExplanationFiles.of(library, FileChoice.named("x")).all().get(0).bytes());

    HttpResponse<byte[]> page =
        service.postImage(
            EXPLAIN + "?layer=all&class=top3&method=gradcam,layercam", IMAGE, "text/html");
    assertThat(page.body())
        .asString()
        .contains("\"method\":\"layercam\"")
        .contains("instance0")
        .doesNotContain(folder.toString());

    HttpResponse<byte[]> wrong = service.postImage(EXPLAIN + "?layer=nowhere", IMAGE, "text/html");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(error(wrong)).contains("nowhere");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/models/none, 404",
    "POST, /v1/models/none:explain, 404",
    "POST, /v1/models/tiny:train, 404",
    "POST, /v1/models/tiny, 404",
    "GET, /v1/models/tiny:explain, 405",
    "PUT, /v1/models, 405",
    "DELETE, /v1/models/tiny, 405",
    "GET, /v2/models/none, 404",
    "POST, /v2/models/none/infer, 404",
    "GET, /etc/passwd, 404",
    "GET, /../../etc/passwd, 400",
    "GET, /v1/models/..%2F..%2Fetc%2Fpasswd, 404",
    "GET, /page.js, 404"
  })
  void whatIsNotThereIsSaidInOneSentence(String method, String path, int status) {
    HttpResponse<byte[]> answer =
        service.send(
            HttpRequest.newBuilder(service.at(path)).method(method, BodyPublishers.ofString("{}")));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(error(answer)).isNotBlank();
  }

  @Test
  void anEncodedColonIsAColon() {
    assertThat(service.post("/v1/models/tiny%3Apredict", instances(IMAGE, "")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void tensorsAreInferredAsOpenInferenceHasIt() {
    JsonNode about = json(service.get("/v2/models/tiny"));
    assertThat(about.at("/inputs/0").toString())
        .isEqualTo("{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,3,-1,-1]}");
    assertThat(about.at("/outputs/0").toString())
        .isEqualTo("{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[-1,5]}");

    StringBuilder data = new StringBuilder();
    float[] values = new float[2 * 3 * 32 * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 17 - 8) / 4f;
      data.append(i == 0 ? "" : ",").append(values[i]);
    }
    HttpResponse<byte[]> answer =
        service.post(
            "/v2/models/tiny/infer",
            "{\"id\":\"42\",\"inputs\":[{\"name\":\"input\",\"shape\":[2,3,32,32],\"datatype\":\"FP32\",\"data\":[%s]}]}"
                .formatted(data));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode root = json(answer);
    assertThat(root.get("id").asText()).isEqualTo("42");
    assertThat(root.get("model_name").asText()).isEqualTo("tiny");
    JsonNode output = root.at("/outputs/0");
    assertThat(output.get("shape").toString()).isEqualTo("[2,5]");
    float[] first = new float[3 * 32 * 32];
    System.arraycopy(values, 0, first, 0, first.length);
    float[] expected = model.explainer().explain("x", first, 32, 32).logits();
    for (int i = 0; i < expected.length; i++) {
      assertThat((float) output.get("data").get(i).asDouble()).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\":[]}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3,2,2],\"datatype\":\"FP32\",\"data\":[]}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,3,32,32],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,1,1,1],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,3,1,1],\"datatype\":\"INT64\",\"data\":[1,2,3]}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,3,1.5,1],\"datatype\":\"FP32\",\"data\":[1,2,3]}]}",
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[99999,3,99999,99999],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":{}}",
        "{\"inputs\":[{\"data\":[\"a\"]}]}",
        "[",
        "{}{}"
      })
  void aTensorThatDoesNotFitIs400(String body) {
    HttpResponse<byte[]> answer = service.post("/v2/models/tiny/infer", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer)).isNotBlank();
  }

  @Test
  void healthAndMetricsAreThere() {
    assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
    assertThat(service.get("/v2/health/live").statusCode()).isEqualTo(200);
    service.post(PREDICT, instances(IMAGE, ""));
    HttpResponse<byte[]> metrics = service.get("/metrics");
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain")
        .contains("version=0.0.4");
    assertThat(metrics.body())
        .asString()
        .contains("camjar_requests_seconds_count{call=\"predict\",model=\"tiny\",status=\"200\"}")
        .contains("camjar_queue_waiting 0.0")
        .contains("jvm_memory_used_bytes");
  }

  private static Explanation explained() {
    return model
        .explainer()
        .explain("instance0", Images.read(IMAGE, "x", ReadOptions.STANDARD), List.of());
  }

  private static JsonNode recordOf(Explanation explanation) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(explanation.toJson());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decoded(JsonNode file) {
    return java.util.Base64.getDecoder().decode(file.get("b64").asText());
  }
}
