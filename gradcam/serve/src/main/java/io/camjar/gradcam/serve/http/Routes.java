package io.camjar.gradcam.serve.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.PixelMemory;
import io.camjar.gradcam.serve.limits.Problem;
import io.camjar.gradcam.serve.limits.WorkQueue;
import io.camjar.gradcam.serve.models.Lease;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.camjar.gradcam.serve.protocol.Json;
import io.camjar.gradcam.serve.protocol.V1;
import io.camjar.gradcam.serve.protocol.V2;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** All addresses of the service. No part of one names anything on the server's disk. */
public final class Routes implements AutoCloseable {
  private static final String OTHER = "other";

  private final ModelRepository models;
  private final ModelCalls calls;
  private final Metrics metrics;
  private final BearerToken tokens;
  private final StaticPages pages;
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicInteger underWay = new AtomicInteger();

  /** The routes to some models. */
  public Routes(
      ModelRepository models,
      WorkQueue queue,
      ByteBudget bytes,
      PixelMemory pixels,
      RequestLimits limits) {
    this.models = models;
    this.calls = new ModelCalls(models, queue, bytes, pixels, limits);
    this.metrics = new Metrics(queue, bytes, models);
    this.tokens = new BearerToken(limits.token());
    this.pages = new StaticPages(models);
  }

  /** What a route does. */
  @FunctionalInterface
  private interface Action {
    void run(Context ctx) throws IOException;
  }

  /** Adds them to a server. */
  public void addTo(RoutesConfig routes) {
    routes.get("/", ctx -> open(ctx, "page", c -> pages.index(c)));
    routes.get("/openapi.json", ctx -> open(ctx, "openapi", c -> pages.openApi(c)));
    routes.get("/healthz", ctx -> open(ctx, "health", c -> ok(c, "live")));
    routes.get("/readyz", ctx -> open(ctx, "health", this::ready));
    routes.get("/metrics", ctx -> guarded(ctx, "metrics", OTHER, this::scrape));
    routes.get("/v1/models", ctx -> guarded(ctx, "list", OTHER, this::list));
    routes.get("/v1/models/{call}", this::v1Get);
    routes.post("/v1/models/{call}", this::v1Post);
    routes.get(
        "/v2", ctx -> guarded(ctx, "metadata", OTHER, c -> Responses.json(c, 200, V2.server())));
    routes.get("/v2/health/live", ctx -> open(ctx, "health", c -> ok(c, "live")));
    routes.get("/v2/health/ready", ctx -> open(ctx, "health", this::ready));
    routes.get("/v2/models/{model}", ctx -> model(ctx, "metadata", this::metadata));
    routes.get("/v2/models/{model}/ready", ctx -> model(ctx, "ready", this::modelReady));
    routes.post(
        "/v2/models/{model}/infer",
        ctx ->
            work(
                ctx,
                "infer",
                known(ctx.pathParam("model")),
                c -> calls.v2(c, c.pathParam("model"))));
    routes.exception(HttpResponseException.class, Routes::refuse);
    routes.exception(Exception.class, Routes::refuse);
  }

  /** Of what no route has taken. */
  private static void refuse(Exception e, Context ctx) {
    Responses.fail(ctx, e);
    Responses.discardBody(ctx);
  }

  /** For whoever looks, with or without a token. */
  private void open(Context ctx, String call, Action action) {
    measured(ctx, call, OTHER, action);
  }

  private void guarded(Context ctx, String call, String model, Action action) {
    measured(
        ctx,
        call,
        model,
        c -> {
          tokens.check(c.header("Authorization"));
          action.run(c);
        });
  }

  private void model(Context ctx, String call, Action action) {
    guarded(ctx, call, known(ctx.pathParam("model")), action);
  }

  /** What a model is called in the metrics: clients cannot add names to them. */
  private String known(String name) {
    return models.names().contains(name) ? name : OTHER;
  }

  /** What an end of the service waits for where it was accepted, and refuses from then on. */
  private void work(Context ctx, String call, String model, Action action) {
    boolean accepted = accept();
    try {
      guarded(
          ctx,
          call,
          model,
          c -> {
            if (!accepted) {
              c.header("Connection", "close");
              throw new Problem(503, "the service is ending");
            }
            action.run(c);
          });
    } finally {
      if (accepted) {
        underWay.decrementAndGet();
      }
    }
  }

  private boolean accept() {
    // Counted first: an end that finds nothing under way then has refused whatever comes later.
    underWay.incrementAndGet();
    boolean accepted = !draining.get();
    if (!accepted) {
      underWay.decrementAndGet();
    }
    return accepted;
  }

  private void measured(Context ctx, String call, String model, Action action) {
    long start = System.nanoTime();
    int status = 500;
    try {
      action.run(ctx);
      status = ctx.statusCode();
    } catch (Throwable e) {
      // Of an Error, too, a client is told in one sentence.
      status = Responses.status(e);
      Responses.fail(ctx, e);
    } finally {
      metrics.record(call, model, status, System.nanoTime() - start);
      Responses.discardBody(ctx);
    }
  }

  private void v1Get(Context ctx) {
    String name = ctx.pathParam("call");
    boolean known = models.names().contains(name);
    guarded(
        ctx,
        "ready",
        known ? name : OTHER,
        c -> {
          if (!known && name.matches(".*:(predict|explain)")) {
            throw new Problem(405, "%s takes POST".formatted(c.path()));
          }
          try (Lease lease = calls.lease(name)) {
            Responses.json(
                c, 200, Json.object().put("name", lease.name()).put("ready", !draining.get()));
          }
        });
  }

  private void v1Post(Context ctx) {
    String path = ctx.pathParam("call");
    int colon = path.lastIndexOf(':');
    String name = colon < 0 ? path : path.substring(0, colon);
    String verb = path.substring(colon + 1);
    if (colon < 0 || !(verb.equals("predict") || verb.equals("explain"))) {
      guarded(
          ctx,
          OTHER,
          known(name),
          c -> {
            throw new Problem(
                404, "there is no '%s'; models have :predict and :explain".formatted(verb));
          });
      return;
    }
    V1.Call call = V1.Call.valueOf(verb.toUpperCase(Locale.ROOT));
    work(ctx, verb, known(name), c -> calls.v1(c, name, call));
  }

  private void list(Context ctx) throws IOException {
    ObjectNode root = Json.object();
    models.names().forEach(root.putArray("models")::add);
    Responses.json(ctx, 200, root);
  }

  private void metadata(Context ctx) throws IOException {
    try (Lease lease = calls.lease(ctx.pathParam("model"))) {
      Responses.json(ctx, 200, V2.metadata(lease));
    }
  }

  private void modelReady(Context ctx) throws IOException {
    try (Lease lease = calls.lease(ctx.pathParam("model"))) {
      Responses.json(
          ctx, 200, Json.object().put("name", lease.name()).put("ready", !draining.get()));
    }
  }

  private static void ok(Context ctx, String word) throws IOException {
    Responses.json(ctx, 200, Json.object().put(word, true));
  }

  private void ready(Context ctx) throws IOException {
    boolean accepting = !draining.get();
    Responses.json(ctx, accepting ? 200 : 503, Json.object().put("ready", accepting));
  }

  private void scrape(Context ctx) throws IOException {
    Responses.send(
        ctx,
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8));
  }

  /** Takes on no more work; what is under way goes on. */
  public void drain() {
    draining.set(true);
  }

  /** Accepted requests whose answers are not written yet. */
  public int underWay() {
    return underWay.get();
  }

  @Override
  public void close() {
    metrics.close();
  }
}
