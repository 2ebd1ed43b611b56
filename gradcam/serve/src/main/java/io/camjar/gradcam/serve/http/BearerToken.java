package io.camjar.gradcam.serve.http;

import io.camjar.gradcam.serve.limits.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Asks for a bearer token (RFC 6750), where one was set. */
final class BearerToken {
  private static final String SCHEME = "bearer ";

  private final byte @Nullable [] expected;

  BearerToken(@Nullable String token) {
    this.expected = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether clients need one. */
  boolean needed() {
    return expected != null;
  }

  /**
   * Does nothing if the client may go on.
   *
   * @param authorization the header; null where there is none
   * @throws Problem with status 401 if it may not
   */
  void check(@Nullable String authorization) {
    if (expected == null) {
      return;
    }
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    byte[] given =
        bearer
            ? authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    // Takes as long for a token that is wrong at its end as for one wrong at its beginning.
    if (!MessageDigest.isEqual(given, expected)) {
      throw new Problem(
          401,
          bearer
              ? "the token is not the service's"
              : "the service asks for a token: Authorization: Bearer TOKEN");
    }
  }
}
