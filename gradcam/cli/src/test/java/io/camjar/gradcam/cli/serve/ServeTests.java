package io.camjar.gradcam.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Main;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as a process: one line, requests, and a good end. */
class ServeTests {
  private static final String LINE = "camjar serves on ";

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aLineWhenItIsReadyAndZeroWhenItIsToldToEndWithNothingLost() throws Exception {
    // A signal asks a process on Unix to end; elsewhere it is ended without being asked.
    assumeThat(File.separatorChar).isEqualTo('/');
    Path weights = new TinyCheckpoint().write(folder.resolve("my net.safetensors"));
    Path image = TinyImage.write(folder.resolve("a.png"), 40, 36);
    Process process =
        start(
            "--weights", weights.toString(), "--port", "0", "--workers", "1", "--deadline", "600");
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      URI explain = address(out, "/v1/models/my-net:explain");
      String instance =
          "{\"image_bytes\":{\"b64\":\"%s\"}}"
              .formatted(Base64.getEncoder().encodeToString(Files.readAllBytes(image)));
      HttpRequest long1 =
          HttpRequest.newBuilder(explain)
              .POST(
                  BodyPublishers.ofString(
                      "{\"instances\":[%s]}"
                          .formatted(String.join(",", Collections.nCopies(8, instance)))))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        accepted.add(client.sendAsync(long1, BodyHandlers.ofString()));
      }
      HttpRequest metrics = HttpRequest.newBuilder(explain.resolve("/metrics")).build();
      String seen = "";
      while (!seen.contains("camjar_queue_waiting 2.0")
          || !seen.contains("camjar_workers_busy 1.0")) {
        Thread.sleep(10);
        seen = client.send(metrics, BodyHandlers.ofString()).body();
      }
      process.toHandle().destroy(); // which leaves the streams open
      for (CompletableFuture<HttpResponse<String>> one : accepted) {
        assertThat(one.get(120, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Clients that send one image after the other, as fast as they are answered, and do not stop. */
  @Test
  @Timeout(300)
  void toldToEndUnderLoadItAnswersWhatWasSentBeforeAndEndsWhateverIsSentAfter() throws Exception {
    assumeThat(File.separatorChar).isEqualTo('/');
    int clients = 8;
    Path weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    Path image = TinyImage.write(folder.resolve("a.png"), 40, 36);
    Process process = start("--weights", weights.toString(), "--port", "0");
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      HttpRequest request =
          HttpRequest.newBuilder(address(out, "/v1/models/tiny:explain"))
              .header("Content-Type", "image/png")
              .POST(BodyPublishers.ofFile(image))
              .build();
      AtomicLong toldToEnd = new AtomicLong(Long.MAX_VALUE);
      CountDownLatch answered = new CountDownLatch(3 * clients);
      List<Future<List<Integer>>> before = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        before.add(pool.submit(() -> send(request, toldToEnd, answered)));
      }
      assertThat(answered.await(120, TimeUnit.SECONDS)).isTrue();
      toldToEnd.set(System.nanoTime());
      process.toHandle().destroy(); // which leaves the streams open

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      for (Future<List<Integer>> one : before) {
        // The last of a client may have arrived when the service was ending already.
        assertThat(one.get()).isNotEmpty().isSubsetOf(200, 503);
        assertThat(one.get().subList(0, one.get().size() - 1)).containsOnly(200);
      }
    } finally {
      pool.shutdownNow();
      process.destroyForcibly();
    }
  }

  /**
   * Sends until nobody listens any more.
   *
   * @return the answers to what was sent before the service was told to end; -1 for none
   */
  private static List<Integer> send(
      HttpRequest request, AtomicLong toldToEnd, CountDownLatch answered) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Integer> before = new ArrayList<>();
    while (true) {
      long sent = System.nanoTime();
      int status;
      try {
        status = client.send(request, BodyHandlers.ofByteArray()).statusCode();
      } catch (ConnectException e) {
        return before; // never accepted
      } catch (IOException e) {
        status = -1;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return before;
      }
      if (sent < toldToEnd.get()) {
        before.add(status);
      }
      if (status == -1) {
        return before;
      }
      answered.countDown();
    }
  }

  private URI address(BufferedReader out, String path) throws IOException {
    String line = out.readLine();
    assertThat(line).as(Files.readString(folder.resolve("err"))).startsWith(LINE);
    return URI.create(line.substring(LINE.length()) + path);
  }

  @ParameterizedTest
  @CsvSource({
    "2, --port 70000",
    "2, --max-body 0",
    "2, --workers 0",
    "2, --deadline 0",
    "2, extra",
    "2, --weights a/x.pth --weights b/x.pth",
    "3, --weights no-such-file.pth",
    "3, --token-file no-such-file"
  })
  void whatMakesNoSenseIsSaidAtOnce(int code, String arguments) {
    List<String> words = new ArrayList<>(List.of("serve"));
    words.addAll(List.of(arguments.split(" ")));

    Run run = Run.of(words.toArray(String[]::new));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("camjar: ");
  }

  private Process start(String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.add("serve");
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }
}
