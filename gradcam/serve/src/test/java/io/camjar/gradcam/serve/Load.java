package io.camjar.gradcam.serve;

import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.files.ExplanationFiles;
import io.camjar.gradcam.files.FileChoice;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.serve.models.Lease;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.camjar.gradcam.serve.models.ModelSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Load on a service: clients that explain one image after another over loopback, compared with the
 * same work by as many threads as the service has workers without HTTP. Each request is an image in
 * and the record with the overlay, the heat map and the gray map out.
 *
 * <pre>Load IMAGE [CLIENTS [SECONDS [WEIGHTS [REQUESTS]]]]</pre>
 *
 * <p>Direct and served work take turns, three times each; then REQUESTS more requests show whether
 * the heap grows.
 */
public final class Load {
  private static final int ROUNDS = 3;
  private static final int WARM_SECONDS = 10;

  private Load() {}

  /** Runs it and prints what it measured. */
  public static void main(String[] args) throws Exception {
    byte[] image = Files.readAllBytes(Path.of(args[0]));
    int clients = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
    ModelSource source =
        args.length > 3 && !args[3].equals("-")
            ? ModelSource.of("model", Path.of(args[3]))
            : ModelSource.builtin();
    int requests = args.length > 4 ? Integer.parseInt(args[4]) : 0;
    ServiceOptions options = ServiceOptions.STANDARD.withAddress("127.0.0.1", 0);
    try (ExplainService service = ExplainService.start(options, List.of(source));
        ModelRepository models = ModelRepository.load(List.of(source), Duration.ZERO)) {
      URI address =
          URI.create(service.address() + "/v1/models/" + source.name() + ":explain?format=png");
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "image/png")
              .POST(BodyPublishers.ofByteArray(image))
              .build();
      Callable<Void> direct =
          () -> {
            direct(models, source.name(), image);
            return null;
          };
      measure("warm-up, direct", options.workers(), WARM_SECONDS, () -> direct);
      measure("warm-up, served", clients, WARM_SECONDS, () -> served(request));
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        double alone = measure("direct", options.workers(), seconds / ROUNDS, () -> direct);
        double over = measure("served", clients, seconds / ROUNDS, () -> served(request));
        shares.add(over / alone);
      }
      System.out.printf(Locale.ROOT, "served/direct: %.3f %.3f %.3f%n", shares.toArray());
      if (requests > 0) {
        heap(requests, clients, request);
      }
    }
  }

  private static void direct(ModelRepository models, String name, byte[] image) {
    try (Lease lease = models.lease(name)) {
      Explanation made =
          lease
              .model()
              .explainer()
              .explain("x", Images.read(image, "x", ReadOptions.STANDARD), List.of());
      if (ExplanationFiles.of(made, FileChoice.named("x")).all().size() != 4) {
        throw new IllegalStateException("not the files that were asked for");
      }
    }
  }

  /** A client with a connection of its own. */
  private static Callable<Void> served(HttpRequest request) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return () -> {
      int status = client.send(request, BodyHandlers.ofByteArray()).statusCode();
      if (status != 200) {
        throw new IOException("status " + status);
      }
      return null;
    };
  }

  /** Gives each thread its work. */
  @FunctionalInterface
  private interface Client {
    Callable<Void> open();
  }

  /** Runs it for a while; returns how often a second. */
  private static double measure(String what, int threads, int seconds, Client client)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<double[]> all = together(threads, client, () -> System.nanoTime() < end);
    double[] ms = all.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
    double rate = ms.length / (double) seconds;
    System.out.printf(
        Locale.ROOT,
        "%-16s %d threads, %d s: %d requests, %.2f/s, ms median %.1f p90 %.1f p99 %.1f (%.2f"
            + " medians)%n",
        what,
        threads,
        seconds,
        ms.length,
        rate,
        at(ms, 0.5),
        at(ms, 0.9),
        at(ms, 0.99),
        at(ms, 0.99) / at(ms, 0.5));
    return rate;
  }

  private static void heap(int requests, int clients, HttpRequest request) throws Exception {
    long before = used();
    java.util.concurrent.atomic.AtomicInteger left =
        new java.util.concurrent.atomic.AtomicInteger(requests);
    together(clients, () -> served(request), () -> left.getAndDecrement() > 0);
    long after = used();
    System.out.printf(
        Locale.ROOT,
        "heap after %d requests: %.1f MB before, %.1f MB after%n",
        requests,
        before / 1e6,
        after / 1e6);
  }

  private static long used() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200);
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  private static List<double[]> together(
      int threads, Client client, java.util.function.BooleanSupplier goesOn) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<double[]>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<Void> work = client.open();
        running.add(
            pool.submit(
                () -> {
                  List<Double> ms = new ArrayList<>();
                  while (goesOn.getAsBoolean()) {
                    long start = System.nanoTime();
                    work.call();
                    ms.add((System.nanoTime() - start) / 1e6);
                  }
                  return ms.stream().mapToDouble(Double::doubleValue).toArray();
                }));
      }
      List<double[]> done = new ArrayList<>();
      for (Future<double[]> one : running) {
        done.add(one.get());
      }
      return done;
    } finally {
      pool.shutdownNow();
    }
  }
}
