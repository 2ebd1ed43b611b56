package io.camjar.gradcam.serve.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.serve.limits.Problem;
import io.camjar.gradcam.serve.protocol.Json;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers. */
final class Responses {
  static final String JSON = "application/json";

  private static final String NOWHERE =
      "there is nothing at this address; /openapi.json lists all there are";
  private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

  private Responses() {}

  /** Answers with a tree. */
  static void json(Context ctx, int status, JsonNode tree) throws IOException {
    send(ctx, status, JSON, Json.bytes(tree));
  }

  /**
   * Writes an answer and returns when the connection has taken all of it: what it takes in memory
   * is free then.
   *
   * <p>Where the request has a body that nobody has read, says that the connection ends, for Jetty
   * ends it if the body is still on its way, and a client that is not told sends its next request
   * into it.
   */
  static void send(Context ctx, int status, String type, byte[] content) throws IOException {
    ctx.status(status);
    ctx.contentType(type);
    ctx.header("Cache-Control", "no-store");
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.res().setContentLength(content.length);
    if (RequestBody.isUnread(ctx)) {
      ctx.header("Connection", "close");
    }
    if (!ctx.req().getMethod().equals("HEAD")) {
      ctx.res().getOutputStream().write(content);
    }
    ctx.res().flushBuffer();
  }

  /** Ends a request that has its answer, whatever of its body is still on its way. */
  static void discardBody(Context ctx) {
    try {
      RequestBody.discard(ctx);
    } catch (IOException e) {
      LOG.debug("the client has gone", e);
    }
  }

  /** The status for a failure. */
  static int status(Throwable failure) {
    if (failure instanceof Problem problem) {
      return problem.status();
    }
    if (failure instanceof HttpResponseException http) {
      return http.getStatus();
    }
    if (failure instanceof CamjarException) {
      return 400;
    }
    return failure instanceof OutOfMemoryError ? 503 : 500;
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof MethodNotAllowedResponse) {
      return "this address does not take that method; /openapi.json lists what it takes";
    }
    if (failure instanceof NotFoundResponse) {
      return NOWHERE;
    }
    if (failure instanceof CamjarException || failure instanceof HttpResponseException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof OutOfMemoryError) {
      return "the service has no memory left for this; send fewer or smaller images at a time";
    }
    return "unexpected error; the service's log shows where";
  }

  /** Answers a failure with one sentence. */
  static void fail(Context ctx, Throwable failure) {
    if (failure instanceof IOException) {
      // Bodies are read elsewhere: this client did not wait for its answer.
      LOG.debug("the client has gone", failure);
      return;
    }
    int status = status(failure);
    if (status >= 500 && !(failure instanceof Problem)) {
      LOG.error("{} {} failed", ctx.req().getMethod(), ctx.path(), failure);
    }
    if (ctx.res().isCommitted()) {
      return;
    }
    try {
      if (status == 429 || status == 503) {
        ctx.header("Retry-After", "1");
      }
      if (status == 401) {
        ctx.header("WWW-Authenticate", "Bearer");
      }
      json(ctx, status, Json.error(sentence(failure)));
    } catch (IOException e) {
      LOG.debug("the client has gone", e);
    }
  }
}
