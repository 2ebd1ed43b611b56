package io.camjar.gradcam.serve;

import io.camjar.engine.CamjarException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a service listens and what it bounds. Immutable.
 *
 * @param host the address it listens on
 * @param port its port; 0 for any that is free
 * @param maxBody bytes of a request's body
 * @param workers requests that are computed at the same time
 * @param queue requests that may wait for a worker
 * @param deadline what a request may take from the arrival of its body to its answer
 * @param drain how long an end waits for the requests that it has accepted
 * @param reload how often weights files are looked at; zero for never
 * @param token what clients must send as a bearer token; null for none
 */
public record ServiceOptions(
    String host,
    int port,
    long maxBody,
    int workers,
    int queue,
    Duration deadline,
    Duration drain,
    Duration reload,
    @Nullable String token) {
  private static final int MOST_PORT = 65535;
  private static final long MOST_BODY = 1L << 30;

  /** On the loopback address, without a token. */
  public static final ServiceOptions STANDARD =
      new ServiceOptions(
          "127.0.0.1",
          8080,
          32L << 20,
          Runtime.getRuntime().availableProcessors(),
          64,
          Duration.ofSeconds(60),
          Duration.ofSeconds(90),
          Duration.ofSeconds(2),
          null);

  /** Refuses numbers that make no sense. */
  public ServiceOptions {
    require(port >= 0 && port <= MOST_PORT, "the port is %d, but must lie in 0 to 65535", port);
    require(
        maxBody > 0 && maxBody <= MOST_BODY,
        "a body of %d bytes is no bound; give 1 byte to 1024 MB",
        maxBody);
    require(workers > 0, "there are %d workers, but must be 1 or more", workers);
    require(queue > 0, "the queue has %d places, but must have 1 or more", queue);
    require(
        deadline.toMillis() > 0, "the deadline is %d ms, but must be more", deadline.toMillis());
  }

  private static void require(boolean holds, String message, long value) {
    if (!holds) {
      throw new CamjarException(message.formatted(value));
    }
  }

  /** The same at another address. */
  public ServiceOptions withAddress(String address, int number) {
    return new ServiceOptions(
        address, number, maxBody, workers, queue, deadline, drain, reload, token);
  }

  /** The same with another bound on bodies, in bytes. */
  public ServiceOptions withMaxBody(long bytes) {
    return new ServiceOptions(host, port, bytes, workers, queue, deadline, drain, reload, token);
  }

  /** The same with as many requests at work and waiting. */
  public ServiceOptions withWork(int atWork, int waiting) {
    return new ServiceOptions(host, port, maxBody, atWork, waiting, deadline, drain, reload, token);
  }

  /** The same with another deadline. */
  public ServiceOptions withDeadline(Duration time) {
    return new ServiceOptions(host, port, maxBody, workers, queue, time, drain, reload, token);
  }

  /** The same, waiting so long for accepted requests at an end. */
  public ServiceOptions withDrain(Duration time) {
    return new ServiceOptions(host, port, maxBody, workers, queue, deadline, time, reload, token);
  }

  /** The same, looking at weights files so often. */
  public ServiceOptions withReload(Duration every) {
    return new ServiceOptions(host, port, maxBody, workers, queue, deadline, drain, every, token);
  }

  /** The same, asking for a bearer token. */
  public ServiceOptions withToken(@Nullable String secret) {
    return new ServiceOptions(host, port, maxBody, workers, queue, deadline, drain, reload, secret);
  }
}
