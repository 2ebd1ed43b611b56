package io.camjar.gradcam.cli.output;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * How fast the last steps were done, and when the rest will be. The progress bar's own rate is the
 * mean since its start: after a first step of four seconds and 39 of a twentieth it says 6.7 a
 * second, and asks for three times as long as the rest takes.
 */
final class Pace {
  /** The first steps of a process are slow and must be forgotten. */
  private static final int REMEMBERED = 64;

  private record Moment(long done, long nanos) {}

  private final Deque<Moment> moments = new ArrayDeque<>();

  /** Takes note that so many steps are done at a reading of {@link System#nanoTime}. */
  void at(long done, long nanos) {
    if (moments.isEmpty() || moments.getLast().done < done) {
      moments.addLast(new Moment(done, nanos));
    }
    if (moments.size() > REMEMBERED) {
      moments.removeFirst();
    }
  }

  /** Steps a second, if any were done. */
  Optional<Double> rate() {
    if (moments.size() < 2) {
      return Optional.empty();
    }
    long nanos = moments.getLast().nanos - moments.getFirst().nanos;
    long steps = moments.getLast().done - moments.getFirst().done;
    return nanos > 0 ? Optional.of(steps * 1e9 / nanos) : Optional.empty();
  }

  /** How long the rest of {@code total} steps takes if they go on like this. */
  Optional<Duration> left(long total) {
    return rate()
        .map(rate -> Duration.ofMillis(Math.round((total - moments.getLast().done) / rate * 1e3)));
  }

  /** Both in words: {@code 14.2/s, 2 min 4 s left}; nothing while nothing is known. */
  String describe(long total) {
    return rate()
        .map(rate -> number(rate) + "/s, " + words(left(total).orElseThrow()) + " left")
        .orElse("");
  }

  /** Three digits, so that slow steps have a rate too. */
  private static String number(double rate) {
    String format = rate >= 100 ? "%.0f" : rate >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, rate);
  }

  private static String words(Duration time) {
    long seconds = (time.toMillis() + 999) / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds / 60 % 60);
  }
}
