package io.camjar.gradcam.serve.http;

import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.WorkQueue;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What is measured, in Prometheus' text format. */
final class Metrics implements AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  Metrics(WorkQueue queue, ByteBudget bytes, ModelRepository models) {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("camjar.queue.waiting", queue, WorkQueue::waiting)
        .description("Requests that wait for a worker")
        .register(registry);
    Gauge.builder("camjar.workers.busy", queue, WorkQueue::working)
        .description("Requests that are worked on")
        .register(registry);
    Gauge.builder("camjar.bytes.held", bytes, ByteBudget::used)
        .description("Bytes of bodies and answers that requests hold")
        .register(registry);
    FunctionCounter.builder("camjar.model.reloads", models, ModelRepository::reloads)
        .description("Changed weights files that were loaded")
        .register(registry);
    FunctionCounter.builder("camjar.model.reload.failures", models, ModelRepository::failedReloads)
        .description("Changed weights files that could not be used")
        .register(registry);
  }

  /**
   * Counts a request.
   *
   * @param call what was asked
   * @param model of which model; a name that exists, so that clients cannot make up series
   */
  void record(String call, String model, int status, long nanos) {
    Timer.builder("camjar.requests")
        .description("Requests by what was asked, model and status")
        .tag("call", call)
        .tag("model", model)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  /** All of it. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
