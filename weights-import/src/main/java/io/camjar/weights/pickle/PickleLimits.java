package io.camjar.weights.pickle;

import io.camjar.weights.bytes.Malformed;

/**
 * What a pickle may cost, counted before memory is taken.
 *
 * <p>The defaults are a hundred times what the largest checkpoints we know need, and a few hundred
 * megabytes at the worst. One instance is shared by all pickles of a file. Not thread-safe.
 */
public final class PickleLimits {
  /** Values and containers. */
  static final int MAX_OBJECTS = 2_000_000;

  /** Entries of the stack, marks included. */
  static final int MAX_STACK = 1_000_000;

  /** Opcodes. */
  static final int MAX_OPCODES = 20_000_000;

  /** Bytes of one string; protocol 2 writes the bytes of an array as text. */
  static final int MAX_STRING = 64 << 20;

  /** Bytes of all strings, which the file itself must have. */
  static final long MAX_STRINGS = 512L << 20;

  /** Bytes of one integer; PyTorch's magic number has ten. */
  static final int MAX_INTEGER = 256;

  private int objects;
  private int opcodes;
  private long stringBytes;

  /** Counts a value that was made. */
  void object() {
    objects(1);
  }

  /** Counts values that are about to be made or copied. */
  void objects(int count) {
    objects += count;
    if (objects > MAX_OBJECTS) {
      throw tooMuch("more than " + MAX_OBJECTS + " objects");
    }
  }

  /** Counts an opcode that was read. */
  void opcode() {
    if (++opcodes > MAX_OPCODES) {
      throw tooMuch("more than " + MAX_OPCODES + " instructions");
    }
  }

  /** Allows a string of that many bytes. */
  void string(long bytes) {
    stringBytes += bytes;
    if (bytes > MAX_STRING || stringBytes > MAX_STRINGS) {
      throw tooMuch("text of " + bytes + " bytes");
    }
  }

  static Malformed tooMuch(String what) {
    return new Malformed(
        "has a pickle with " + what + ", more than any checkpoint needs",
        "save only the model's state_dict");
  }
}
