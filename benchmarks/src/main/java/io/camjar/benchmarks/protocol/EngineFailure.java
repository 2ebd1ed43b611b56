package io.camjar.benchmarks.protocol;

/** An engine could not do what it was told; the comparison goes on without it. */
public final class EngineFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineFailure(String message) {
    super(message);
  }
}
