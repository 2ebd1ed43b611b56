package io.camjar.weights;

import io.camjar.engine.CamjarException;
import io.camjar.weights.bytes.Malformed;

/** A weights file that cannot be used: names the file, the cause and the remedy in one sentence. */
public final class CheckpointException extends CamjarException {
  private static final long serialVersionUID = 1L;

  CheckpointException(String source, Malformed malformed) {
    super(malformed.sentence(source), malformed);
  }
}
