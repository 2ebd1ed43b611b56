package io.camjar.gradcam.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.serve.models.ModelSource;
import io.camjar.gradcam.serve.models.ServedModel;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A service with a small network, on a free port, and a client of it. */
final class Running implements AutoCloseable {
  static final String MODEL = "tiny";
  static final ServiceOptions OPTIONS =
      ServiceOptions.STANDARD
          .withAddress("127.0.0.1", 0)
          .withWork(2, 8)
          .withReload(Duration.ZERO)
          .withDrain(Duration.ofSeconds(20));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIDE = 64;

  private final ExplainService service;
  private final HttpClient client = HttpClient.newHttpClient();

  private Running(ExplainService service) {
    this.service = service;
  }

  static Running start(ServiceOptions options, ModelSource... sources) {
    return new Running(ExplainService.start(options, List.of(sources)));
  }

  /** A weights file of five classes. */
  static Path weights(Path folder) throws IOException {
    return new TinyCheckpoint()
        .named("ant", "bee", "cat", "dog", "eel")
        .write(Files.createDirectories(folder).resolve(MODEL + ".safetensors"));
  }

  /** The model of a file, for images of 64 x 64. */
  static ModelSource source(String name, Path file) {
    return new ModelSource(name, file, () -> model(file));
  }

  static ServedModel model(Path file) {
    Checkpoint checkpoint = Checkpoints.open(file);
    var network = checkpoint.network();
    return new ServedModel(
        network,
        Explainer.of(network, checkpoint)
            .withPreset(Preset.named("torchvision").withSize(SIDE, SIDE)));
  }

  /** An image file of stripes that grow with the number. */
  static byte[] png(int number) {
    int width = 80;
    int height = 70;
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      rgb[i] = (byte) (x / (4 + number) % 2 == 0 ? 40 * (i % 3) + number : i / 97);
    }
    return Png.encode(RgbImage.of(width, height, rgb));
  }

  /** A body with one instance a member, each the image with some options in JSON. */
  static String instances(byte[] image, String... options) {
    String b64 = Base64.getEncoder().encodeToString(image);
    List<String> all =
        Arrays.stream(options)
            .map(
                more ->
                    "{\"image_bytes\":{\"b64\":\"%s\"}%s}"
                        .formatted(b64, more.isEmpty() ? "" : "," + more))
            .toList();
    return "{\"instances\":[%s]}".formatted(String.join(",", all));
  }

  URI at(String path) {
    return URI.create(service.address() + path);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(
          request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(at(path)));
  }

  HttpResponse<byte[]> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<byte[]> postImage(String path, byte[] image, String accept) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "image/png")
            .header("Accept", accept)
            .POST(BodyPublishers.ofByteArray(image)));
  }

  static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8), e);
    }
  }

  static String error(HttpResponse<byte[]> answer) {
    return json(answer).path("error").asText();
  }

  /** A connection below HTTP. */
  Socket socket() throws IOException {
    Socket socket = new Socket("127.0.0.1", service.address().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** The first line of what comes, or nothing where the connection ends without. */
  static String statusLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0 && c != '\r') {
      line.append((char) c);
      c = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() {
    service.close();
  }
}
