package io.camjar.gradcam.serve;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Heap;
import io.camjar.gradcam.serve.http.JsonErrorPages;
import io.camjar.gradcam.serve.http.RequestLimits;
import io.camjar.gradcam.serve.http.Routes;
import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.PixelMemory;
import io.camjar.gradcam.serve.limits.WorkQueue;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.camjar.gradcam.serve.models.ModelSource;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Explains images over HTTP: KServe's protocol V1 with {@code :predict} and {@code :explain}, Open
 * Inference V2 for tensors, a page, health and metrics.
 *
 * <pre>{@code
 * try (ExplainService service =
 *     ExplainService.start(ServiceOptions.STANDARD, List.of(ModelSource.of(Path.of("dogs.pth"))))) {
 *   System.out.println(service.address());
 *   ...
 * }
 * }</pre>
 *
 * <p>Whatever clients send, memory and time are bounded: bodies by their size and the time they
 * take to arrive, work by a queue and a deadline, images by their pixels before they are decoded,
 * and connections by their number.
 */
public final class ExplainService implements AutoCloseable {
  private static final Duration BODY_TIME = Duration.ofSeconds(30);
  private static final long IDLE_MS = 30_000;
  private static final int CONNECTIONS = 512;

  /** Each connection has at most one request at a time; the others are Jetty's own. */
  private static final int THREADS = CONNECTIONS + 32;

  private static final int READERS = 128;
  private static final long MOST_FILES = 128L << 20;
  private static final long STOP_MS = 5_000;
  private static final long LOOK_MS = 20;

  /** How long requests that were on their way are still refused with an answer. */
  private static final long REFUSAL_MS = 200;

  private final Javalin javalin;
  private final ModelRepository models;
  private final WorkQueue queue;
  private final Routes routes;
  private final ServiceOptions options;

  private ExplainService(
      Javalin javalin,
      ModelRepository models,
      WorkQueue queue,
      Routes routes,
      ServiceOptions options) {
    this.javalin = javalin;
    this.models = models;
    this.queue = queue;
    this.routes = routes;
    this.options = options;
  }

  /**
   * Loads the models and listens.
   *
   * @throws CamjarException if a model cannot be used, or the address not be listened on
   */
  public static ExplainService start(ServiceOptions options, List<ModelSource> sources) {
    ModelRepository models = ModelRepository.load(sources, options.reload());
    long heap = Heap.largest();
    WorkQueue queue = new WorkQueue(options.workers(), options.queue());
    Routes routes =
        new Routes(
            models,
            queue,
            new ByteBudget(heap / 4),
            new PixelMemory(heap / 2),
            new RequestLimits(
                options.maxBody(),
                options.deadline(),
                BODY_TIME,
                READERS,
                Math.min(MOST_FILES, heap / 32),
                options.token()));
    Javalin javalin = Javalin.create(config -> configure(config, routes, options));
    ExplainService service = new ExplainService(javalin, models, queue, routes, options);
    try {
      javalin.start();
      return service;
    } catch (JavalinException e) {
      service.close();
      throw new CamjarException(
          "cannot listen on %s port %d (%s); choose another port or host"
              .formatted(options.host(), options.port(), rootOf(e)),
          e);
    }
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static void configure(JavalinConfig config, Routes routes, ServiceOptions options) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    // Maps are compressed already.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("camjar-http");
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(ExplainService::configure);
    config.jetty.addConnector(
        (server, http) -> {
          ServerConnector connector =
              new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
          connector.setHost(options.host());
          connector.setPort(options.port());
          connector.setIdleTimeout(IDLE_MS);
          return connector;
        });
    config.jetty.modifyServer(ExplainService::configure);
    routes.addTo(config.routes);
  }

  private static void configure(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
  }

  private static void configure(Server server) {
    // Delivers what is being written when the server stops.
    server.setStopTimeout(STOP_MS);
    server.setHandler(new GracefulHandler());
    server.setErrorHandler(new JsonErrorPages());
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
  }

  /** Where it listens. */
  public URI address() {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    return URI.create("http://%s:%d".formatted(host, javalin.port()));
  }

  /**
   * Takes on no more work, waits for what it has accepted, within the options' time, and stops. May
   * be called from any thread and more than once.
   */
  @Override
  public synchronized void close() {
    routes.drain();
    long end = System.nanoTime() + options.drain().toNanos();
    try {
      while (routes.underWay() > 0 && System.nanoTime() < end) {
        Thread.sleep(LOOK_MS);
      }
      Thread.sleep(REFUSAL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    javalin.stop();
    queue.close();
    models.close();
    routes.close();
  }
}
