package io.camjar.engine.kernel.simd;

import java.util.Set;

/** What register tiles do for the sake of the just-in-time compiler. */
public final class Jit {
  /**
   * Whether loops of constant length within loops stay in registers better than single loops: as
   * measured with JDK 17 and 25.
   */
  public static final boolean NESTS = Runtime.version().feature() < 25;

  /**
   * Whether fences between loads keep the compiler from loading what comes behind before what comes
   * ahead: where there are 16 vector registers, inputs of later steps would take those of sums. On
   * x86 no instruction; other processors have 32 registers.
   */
  static final boolean FENCES = !Lanes.hasManyRegisters();

  /**
   * Whether a fence between loads costs no instruction, as on x86: there it keeps the compiler from
   * loading weights and inputs before sums have set registers free.
   */
  static final boolean FREE_FENCES =
      Set.of("amd64", "x86_64").contains(System.getProperty("os.arch", ""));

  private Jit() {}
}
