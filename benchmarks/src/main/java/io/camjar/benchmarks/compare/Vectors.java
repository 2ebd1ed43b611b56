package io.camjar.benchmarks.compare;

import java.util.List;

/** How wide a processor computes, which decides what can be promised on it. */
enum Vectors {
  /** 256 bits at a time. */
  AVX2("avx2"),
  /** AVX-512's instructions, each done in two halves: Zen 4. */
  AVX512_HALF("avx512-half"),
  /** 512 bits at a time: Zen 5 and Intel's servers. */
  AVX512_FULL("avx512-full"),
  /** Anything else, of which nothing is promised. */
  OTHER("other");

  /** Zen 3 is of it too, and has no AVX-512. */
  private static final int ZEN_4 = 25;

  private final String title;

  Vectors(String title) {
    this.title = title;
  }

  /** From the lines of Linux's {@code /proc/cpuinfo}. */
  static Vectors of(List<String> cpuinfo) {
    List<String> flags = List.of(Machine.field(cpuinfo, "flags").split(" ", -1));
    if (flags.contains("avx512f")) {
      boolean amd = Machine.field(cpuinfo, "vendor_id").equals("AuthenticAMD");
      boolean halves = amd && Machine.field(cpuinfo, "cpu family").equals(Integer.toString(ZEN_4));
      return halves ? AVX512_HALF : AVX512_FULL;
    }
    return flags.contains("avx2") ? AVX2 : OTHER;
  }

  String title() {
    return title;
  }
}
