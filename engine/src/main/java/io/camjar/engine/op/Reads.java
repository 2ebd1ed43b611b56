package io.camjar.engine.op;

/** What of a forward a backward reads: it is kept as long as a backward may follow. */
public enum Reads {
  /** The inputs. */
  INPUTS,
  /** The output. */
  OUTPUT
}
