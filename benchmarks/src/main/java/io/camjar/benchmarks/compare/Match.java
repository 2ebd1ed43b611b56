package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.EngineFailure;
import io.camjar.benchmarks.protocol.EngineProcess;
import io.camjar.benchmarks.protocol.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Times one task: all engines are started and warmed, then run in turn (A B A B), so that whatever
 * else the machine does falls on all of them alike.
 */
final class Match {
  private final MeasurementPlan pace;
  private final TimeLimit deadline;
  private final Function<Contender, EngineProcess> starter;

  Match(MeasurementPlan pace, TimeLimit deadline, Function<Contender, EngineProcess> starter) {
    this.pace = pace;
    this.deadline = deadline;
    this.starter = starter;
  }

  /**
   * Plays it.
   *
   * @throws EngineFailure if camjar fails; a peer that fails or disagrees is left out and named
   */
  Result play(Task task, Contender ours, List<Contender> peers) {
    Map<String, String> missing = new LinkedHashMap<>();
    List<Seat> seats = new ArrayList<>();
    try {
      Seat first = Seat.take(ours, starter);
      seats.add(first);
      for (Contender peer : peers) {
        admit(peer, first, seats, missing);
      }
      for (Seat seat : seats) {
        // Camjar may be its own peer, and has the same compilers to wait for.
        boolean camjar = seat.process.engine().equals(first.process.engine());
        seat.warm(camjar ? pace.warmOurs() : pace.warmPeer(), pace.turn());
      }
      long start = System.nanoTime();
      for (int round = 0;
          pace.goesOn(round, Duration.ofNanos(System.nanoTime() - start))
              && (round == 0 || !deadline.passed());
          round++) {
        for (Seat seat : seats) {
          pause();
          seat.turn();
        }
      }
      List<Measurement> measured = seats.stream().map(Seat::measurement).toList();
      return new Result(task, measured.get(0), measured.subList(1, measured.size()), missing);
    } finally {
      seats.forEach(Seat::close);
    }
  }

  private void admit(Contender peer, Seat first, List<Seat> seats, Map<String, String> missing) {
    Seat seat;
    try {
      seat = Seat.take(peer, starter);
    } catch (EngineFailure e) {
      String program = peer.command().get(peer.command().size() - 1);
      missing.put(peer.label().isEmpty() ? program : peer.label(), e.getMessage());
      return;
    }
    if (seat.agreesWith(first)) {
      seats.add(seat);
    } else {
      missing.put(seat.name(), "its answer differs from camjar's by %.1e".formatted(seat.error()));
      seat.close();
    }
  }

  private void pause() {
    try {
      Thread.sleep(pace.pause().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A contender with its process and what it has achieved. */
  private static final class Seat implements AutoCloseable {
    private final Contender contender;
    private final EngineProcess process;
    private final EngineProcess.Answer answer;
    private final List<double[]> turns = new ArrayList<>();
    private int runsATurn = 1;
    private double error;

    private Seat(Contender contender, EngineProcess process) {
      this.contender = contender;
      this.process = process;
      this.answer = process.prepare(contender.task());
    }

    /**
     * A library that crashes while it is loaded, as PyTorch's does now and then, gets a second try.
     */
    static Seat take(Contender contender, Function<Contender, EngineProcess> starter) {
      try {
        return takeOnce(contender, starter);
      } catch (EngineFailure e) {
        return takeOnce(contender, starter);
      }
    }

    private static Seat takeOnce(Contender contender, Function<Contender, EngineProcess> starter) {
      EngineProcess process = starter.apply(contender);
      try {
        return new Seat(contender, process);
      } catch (EngineFailure e) {
        process.close();
        throw e;
      }
    }

    boolean agreesWith(Seat other) {
      if (!contender.sameAnswer()) {
        return true;
      }
      RelativeError agreement = RelativeError.of(other.answer.values(), answer.values());
      error = agreement.error();
      return agreement.holds();
    }

    void warm(Duration duration, Duration turn) {
      long end = System.nanoTime() + duration.toNanos();
      double last;
      do {
        last = Spread.of(process.run(runsATurn)).median();
      } while (System.nanoTime() < end);
      runsATurn = (int) Math.max(1, turn.toMillis() / last);
    }

    /** The first run of a turn wakes threads and caches and does not count, if runs are short. */
    void turn() {
      if (runsATurn > 1) {
        process.run(1);
      }
      turns.add(process.run(runsATurn));
    }

    double error() {
      return error;
    }

    String name() {
      return contender.label().isEmpty() ? process.engine() : contender.label();
    }

    Measurement measurement() {
      double peak = process.peakMebibytes();
      double[] times = turns.stream().flatMapToDouble(Arrays::stream).toArray();
      return new Measurement(
          name(), answer.settings(), Spread.of(times), peak, error, process.report());
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
