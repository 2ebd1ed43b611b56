package io.camjar.weights;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Checksums;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of files one after the other, computed once: when asked for, or meanwhile. */
final class Checksum {
  private final List<ByteRegion> files;
  private @Nullable CompletableFuture<String> value;

  Checksum(List<ByteRegion> files) {
    this.files = List.copyOf(files);
  }

  /** Begins on another thread. */
  synchronized void start() {
    if (value == null) {
      value = CompletableFuture.supplyAsync(this::compute);
    }
  }

  /** In lower-case hexadecimal. */
  String get() {
    CompletableFuture<String> pending;
    synchronized (this) {
      if (value == null) {
        value = CompletableFuture.completedFuture(compute());
      }
      pending = value;
    }
    try {
      return pending.join();
    } catch (CompletionException e) {
      return compute(); // fails here as it did there
    }
  }

  private String compute() {
    return Checksums.sha256(files.toArray(ByteRegion[]::new));
  }
}
