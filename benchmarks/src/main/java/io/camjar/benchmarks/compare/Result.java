package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One task with all who did it.
 *
 * @param task what was timed
 * @param ours camjar
 * @param peers the others
 * @param missing peers that could not be timed, with the reason
 */
record Result(Task task, Measurement ours, List<Measurement> peers, Map<String, String> missing) {

  /** Camjar's time divided by the peer's: below 1 camjar is faster. */
  double ratio(Measurement peer) {
    return ours.milliseconds().median() / peer.milliseconds().median();
  }

  /** Camjar, then its peers. */
  List<Measurement> everyone() {
    List<Measurement> everyone = new ArrayList<>(List.of(ours));
    everyone.addAll(peers);
    return everyone;
  }
}
