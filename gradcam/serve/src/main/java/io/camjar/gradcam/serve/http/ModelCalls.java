package io.camjar.gradcam.serve.http;

import io.camjar.engine.UnknownNameException;
import io.camjar.gradcam.serve.limits.BodyReader;
import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.Deadline;
import io.camjar.gradcam.serve.limits.PixelMemory;
import io.camjar.gradcam.serve.limits.Problem;
import io.camjar.gradcam.serve.limits.WorkQueue;
import io.camjar.gradcam.serve.models.Lease;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.camjar.gradcam.serve.protocol.RequestResources;
import io.camjar.gradcam.serve.protocol.V1;
import io.camjar.gradcam.serve.protocol.V2;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Requests that compute: their way from the connection to a worker and back. */
final class ModelCalls {
  private static final String HTML = "text/html";
  private static final String PNG = "image/png";

  private final ModelRepository models;
  private final WorkQueue queue;
  private final ByteBudget bytes;
  private final PixelMemory pixels;
  private final RequestLimits limits;
  private final Semaphore readers;

  ModelCalls(
      ModelRepository models,
      WorkQueue queue,
      ByteBudget bytes,
      PixelMemory pixels,
      RequestLimits limits) {
    this.models = models;
    this.queue = queue;
    this.bytes = bytes;
    this.pixels = pixels;
    this.limits = limits;
    this.readers = new Semaphore(limits.readers());
  }

  /** What a worker does with a body. */
  @FunctionalInterface
  private interface Work {
    byte[] of(RequestResources job, byte[] body);
  }

  /**
   * An answer.
   *
   * @param type of its content
   */
  private record Kind(String type, Work work) {}

  /** A model, or the answer that there is none. */
  Lease lease(String name) {
    try {
      return models.lease(name);
    } catch (UnknownNameException e) {
      throw new Problem(404, e.getMessage(), e);
    }
  }

  /** {@code POST /v1/models/NAME:predict} and {@code :explain}. */
  void v1(Context ctx, String model, V1.Call call) throws IOException {
    // Javalin's contentType() fails where the charset is unknown.
    String type = mediaType(ctx.header("Content-Type"));
    if (!isImage(type)) {
      run(ctx, model, new Kind(Responses.JSON, (job, body) -> V1.json(job, call, body)));
      return;
    }
    Map<String, List<String>> query = QueryOptions.of(ctx.queryString());
    String wanted = call == V1.Call.EXPLAIN ? mediaType(ctx.header("Accept")) : "";
    run(
        ctx,
        model,
        switch (wanted) {
          case HTML -> new Kind(HTML + "; charset=utf-8", (job, body) -> V1.page(job, body, query));
          case PNG -> new Kind(PNG, (job, body) -> V1.overlay(job, body, query));
          default -> new Kind(Responses.JSON, (job, body) -> V1.image(job, call, body, query));
        });
  }

  /** {@code POST /v2/models/NAME/infer}. */
  void v2(Context ctx, String model) throws IOException {
    run(ctx, model, new Kind(Responses.JSON, V2::infer));
  }

  private void run(Context ctx, String model, Kind kind) throws IOException {
    try (Lease lease = lease(model);
        ByteBudget.Share share = bytes.share()) {
      byte[] body = body(ctx, share);
      Deadline deadline = Deadline.in(limits.deadline());
      RequestResources job =
          new RequestResources(lease, deadline, pixels, share, limits.mostFiles());
      byte[] answer = queue.run(deadline, () -> kind.work().of(job, body));
      Responses.send(ctx, 200, kind.type(), answer);
    }
  }

  private byte[] body(Context ctx, ByteBudget.Share share) throws IOException {
    String encoding = ctx.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw Problem.bad("the body is encoded as %s; send it as it is".formatted(encoding));
    }
    long declared = ctx.req().getContentLengthLong();
    if (!readers.tryAcquire()) {
      throw Problem.busy("too many requests arrive at the same time; try again in a moment");
    }
    try {
      BodyReader reader = new BodyReader(limits.maxBody(), limits.bodyTime());
      byte[] body = reader.read(() -> RequestBody.open(ctx), declared, share);
      if (body.length == 0) {
        throw Problem.bad("the body is empty; send an image, or JSON with instances");
      }
      // A JSON body is held as bytes and as text, its images as bytes.
      share.take(2L * body.length);
      return body;
    } finally {
      readers.release();
    }
  }

  private static String mediaType(@Nullable String header) {
    return header == null
        ? ""
        : header.replaceFirst("[;,].*$", "").strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isImage(String type) {
    return type.startsWith("image/")
        || type.equals("application/dicom")
        || type.equals("application/octet-stream");
  }
}
