package io.camjar.gradcam.serve.http;

import io.camjar.gradcam.serve.limits.BodyReader;
import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What follows a request's headers. Whoever opens it bids a client that waits with {@code Expect:
 * 100-continue} to send it, so only those open it who will read it.
 */
final class RequestBody {
  private static final String OPENED = "camjar.body";
  private static final Duration LINGER = Duration.ofSeconds(10);

  private RequestBody() {}

  /** The body, which a client that waits is told to send. */
  static ServletInputStream open(Context ctx) throws IOException {
    ServletInputStream in = ctx.req().getInputStream();
    ctx.attribute(OPENED, in);
    return in;
  }

  /** Whether there is a body of which something may still come. */
  static boolean isUnread(Context ctx) {
    boolean has = ctx.req().getContentLengthLong() > 0 || ctx.header("Transfer-Encoding") != null;
    ServletInputStream in = opened(ctx);
    return has && (in == null || !in.isFinished());
  }

  /**
   * Reads for a while what is unread, after the answer: many clients listen only when they have
   * sent all. A client that still waits to be told sends nothing.
   */
  static void discard(Context ctx) throws IOException {
    boolean sends = opened(ctx) != null || ctx.header("Expect") == null;
    if (sends && isUnread(ctx)) {
      BodyReader.discard(ctx.req().getInputStream(), LINGER);
    }
  }

  private static @Nullable ServletInputStream opened(Context ctx) {
    return ctx.attribute(OPENED);
  }
}
