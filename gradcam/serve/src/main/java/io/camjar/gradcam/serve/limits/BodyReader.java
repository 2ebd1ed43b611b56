package io.camjar.gradcam.serve.limits;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body, whatever its headers say of its length.
 *
 * @param most bytes that are read
 * @param time that reading may take altogether, however slowly bytes come
 */
public record BodyReader(long most, Duration time) {
  private static final int CHUNK = 1 << 16;

  /** A body that is still with its client, who may wait to be asked for it. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /**
   * The whole body.
   *
   * @param source is opened only if the declared length is allowed
   * @param declared its length in bytes as the client has it; negative where it says nothing
   * @param share is charged with what is read
   * @throws Problem with status 413 if there are too many bytes, 408 if they come too slowly, 400
   *     if fewer come than were declared, 429 if other requests hold too many
   */
  public byte[] read(Source source, long declared, ByteBudget.Share share) {
    if (declared > most) {
      throw tooLarge();
    }
    long end = System.nanoTime() + time.toNanos();
    byte[] bytes = new byte[CHUNK];
    share.take(bytes.length);
    int length = 0;
    try {
      InputStream in = source.open();
      while (true) {
        int read = in.read(bytes, length, bytes.length - length);
        if (read < 0) {
          break;
        }
        length += read;
        if (length > most) {
          throw tooLarge();
        }
        if (System.nanoTime() > end) {
          throw slow(null);
        }
        if (length == bytes.length) {
          int larger = (int) Math.min(Integer.MAX_VALUE - 8L, Math.min(2L * length, most + 1));
          share.take(larger - length);
          bytes = Arrays.copyOf(bytes, larger);
        }
      }
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw slow(e);
      }
      throw new Problem(400, "the body ends early, after %d bytes".formatted(length), e);
    }
    if (declared >= 0 && length < declared) {
      throw Problem.bad(
          "the body ends early: %d bytes were announced and %d came".formatted(declared, length));
    }
    return Arrays.copyOf(bytes, length);
  }

  private Problem slow(@Nullable IOException cause) {
    String sentence = "the body did not arrive within %d s".formatted(time.toSeconds());
    return cause == null ? new Problem(408, sentence) : new Problem(408, sentence, cause);
  }

  private Problem tooLarge() {
    return new Problem(
        413, "the body is larger than %s; send a smaller image".formatted(size(most)));
  }

  private static String size(long bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MB" : bytes + " bytes";
  }

  /**
   * Reads on and forgets what is read, so that a client that sends before it listens gets its
   * answer; for a while and no longer.
   */
  public static void discard(InputStream in, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    byte[] chunk = new byte[CHUNK];
    try {
      while (System.nanoTime() < end && in.read(chunk) >= 0) {
        continue;
      }
    } catch (IOException e) {
      // The client has gone, or waits for the answer that it has.
      return;
    }
  }
}
