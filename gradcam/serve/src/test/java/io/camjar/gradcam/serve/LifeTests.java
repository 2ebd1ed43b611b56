package io.camjar.gradcam.serve;

import static io.camjar.gradcam.serve.Running.error;
import static io.camjar.gradcam.serve.Running.instances;
import static io.camjar.gradcam.serve.Running.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.serve.models.ServedModel;
import io.camjar.weights.npy.Npy;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service under load, under a changing file, behind a token, and at its end. */
class LifeTests {
  private static final String EXPLAIN = "/v1/models/tiny:explain";
  private static final String PREDICT = "/v1/models/tiny:predict";

  @TempDir Path folder;

  private Running start(ServiceOptions options) throws IOException {
    return Running.start(options, Running.source("tiny", Running.weights(folder)));
  }

  @Test
  void eightClientsGetTheBitsOfTheLibrary() throws Exception {
    int images = 6;
    List<byte[]> expected = new ArrayList<>();
    try (Running service = start(Running.OPTIONS.withWork(3, 64))) {
      ServedModel model = Running.model(folder.resolve("tiny.safetensors"));
      for (int i = 0; i < images; i++) {
        var image = Images.read(Running.png(i), "x", ReadOptions.STANDARD);
        var map = model.explainer().explain("x", image, List.of()).maps().get(0);
        expected.add(Npy.encode(map.raw(), map.height(), map.width()));
      }
      model.network().close();
      together(
          8,
          () -> {
            for (int i = 0; i < images; i++) {
              HttpResponse<byte[]> answer =
                  service.postImage(EXPLAIN + "?format=npy", Running.png(i), "*/*");
              assertThat(answer.statusCode()).isEqualTo(200);
              String b64 = json(answer).at("/explanations/0/maps/0/files/0/b64").asText();
              assertThat(java.util.Base64.getDecoder().decode(b64)).isEqualTo(expected.get(i));
            }
            return null;
          });
    }
  }

  @Test
  void whatCannotBeQueuedIs429AndTheRestIsAnswered() throws Exception {
    try (Running service = start(Running.OPTIONS.withWork(1, 1))) {
      String long1 = many(20);
      List<Integer> statuses = together(12, () -> service.post(EXPLAIN, long1).statusCode());
      assertThat(statuses).contains(200, 429).containsOnly(200, 429);
      HttpResponse<byte[]> later = service.post(PREDICT, instances(Running.png(0), ""));
      assertThat(later.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void workThatTakesTooLongIs503AndGivenUp() throws Exception {
    try (Running service = start(Running.OPTIONS.withDeadline(Duration.ofMillis(300)))) {
      HttpResponse<byte[]> answer = service.post(EXPLAIN, many(2000));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer)).contains("within 0.3 s");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
  }

  @Test
  void anEndWaitsForWhatWasAcceptedAndRefusesTheRest() throws Exception {
    Running service = start(Running.OPTIONS);
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      String long1 = many(60);
      List<Future<HttpResponse<byte[]>>> accepted = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        accepted.add(pool.submit(() -> service.post(EXPLAIN, long1)));
      }
      String busy = "camjar_workers_busy 2.0";
      while (!new String(service.get("/metrics").body(), java.nio.charset.StandardCharsets.UTF_8)
          .contains(busy)) {
        Thread.sleep(5);
      }
      Future<?> end = pool.submit(service::close);
      int ready = 200;
      while (ready == 200 && !end.isDone()) {
        ready = status(service, "/readyz");
      }
      assertThat(ready).isIn(503, -1);
      int late = status(service, PREDICT);
      assertThat(late).isIn(503, -1);
      for (Future<HttpResponse<byte[]>> one : accepted) {
        assertThat(one.get().statusCode()).isIn(200, 503);
        if (one.get().statusCode() == 200) {
          assertThat(json(one.get()).get("explanations")).hasSize(60);
        }
      }
      assertThat(accepted.get(0).get().statusCode() + accepted.get(1).get().statusCode())
          .isLessThan(1000);
      end.get();
    } finally {
      pool.shutdownNow();
    }
  }

  private static int status(Running service, String path) {
    try {
      return path.equals(PREDICT)
          ? service.post(path, instances(Running.png(0), "")).statusCode()
          : service.get(path).statusCode();
    } catch (IllegalStateException e) {
      return -1; // nobody listens any more
    }
  }

  @Test
  void aChangedFileIsLoadedAndADamagedOneIsNot() throws Exception {
    Path file = folder.resolve("tiny.safetensors");
    new TinyCheckpoint().named("ant", "bee", "cat", "dog", "eel").write(file);
    ServiceOptions options = Running.OPTIONS.withReload(Duration.ofMillis(50));
    try (Running service = Running.start(options, Running.source("tiny", file))) {
      String body = instances(Running.png(0), "");
      String before = json(service.post(PREDICT, body)).at("/predictions/0/top").toString();

      replace(file, "damaged".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      await(service, "camjar_model_reload_failures_total 1.0");
      assertThat(json(service.post(PREDICT, body)).at("/predictions/0/top")).hasToString(before);

      replace(file, TinyCheckpoint.answering(0, 0, 0, 9, 0).named("a", "b", "c", "d", "e").bytes());
      await(service, "camjar_model_reloads_total 1.0");
      assertThat(json(service.post(PREDICT, body)).at("/predictions/0/top/0/label").asText())
          .isEqualTo("d");
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path next = Files.write(file.resolveSibling("next"), content);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void await(Running service, String metric) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (new String(service.get("/metrics").body(), java.nio.charset.StandardCharsets.UTF_8)
          .contains(metric)) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never saw " + metric);
  }

  @Test
  void aTokenIsAskedForWhereOneIsSet() throws Exception {
    try (Running service = start(Running.OPTIONS.withToken("s3cret"))) {
      for (String open : new String[] {"/", "/healthz", "/readyz", "/openapi.json"}) {
        assertThat(service.get(open).statusCode()).as(open).isEqualTo(200);
      }
      for (String closed : new String[] {"/v1/models", "/v2/models/tiny", "/metrics"}) {
        HttpResponse<byte[]> answer = service.get(closed);
        assertThat(answer.statusCode()).as(closed).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      }
      assertThat(service.post(PREDICT, instances(Running.png(0), "")).statusCode()).isEqualTo(401);
      for (String header : new String[] {"Bearer s3cret", "bearer s3cret"}) {
        assertThat(authorized(service, header)).isEqualTo(200);
      }
      for (String header :
          new String[] {"Bearer s3cre", "Basic s3cret", "Bearer s3cret2", "s3cret"}) {
        assertThat(authorized(service, header)).as(header).isEqualTo(401);
      }
    }
  }

  private static int authorized(Running service, String header) {
    return service
        .send(
            HttpRequest.newBuilder(service.at(PREDICT))
                .header("Authorization", header)
                .POST(BodyPublishers.ofString(instances(Running.png(0), ""))))
        .statusCode();
  }

  @Test
  void twoModelsOfOneNameAndATakenPortAreRefused() throws Exception {
    Path file = Running.weights(folder);
    assertThatThrownBy(
            () ->
                Running.start(
                    Running.OPTIONS, Running.source("a", file), Running.source("a", file)))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("two models are called a");
    try (Running service = start(Running.OPTIONS)) {
      int taken = service.at("/").getPort();
      assertThatThrownBy(() -> start(Running.OPTIONS.withAddress("127.0.0.1", taken)))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("port " + taken);
    }
  }

  /** A body that takes a while. */
  private static String many(int count) {
    String[] options = new String[count];
    Arrays.fill(options, "\"layer\":\"layer4\"");
    return instances(Running.png(0), options);
  }

  private static <T> List<T> together(int clients, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      CountDownLatch start = new CountDownLatch(clients);
      List<Future<T>> results = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        results.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return work.call();
                }));
      }
      List<T> done = new ArrayList<>();
      for (Future<T> result : results) {
        done.add(result.get());
      }
      return done;
    } finally {
      pool.shutdownNow();
    }
  }
}
