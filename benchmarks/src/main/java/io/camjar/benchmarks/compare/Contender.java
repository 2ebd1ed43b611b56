package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.Task;
import java.util.List;
import java.util.Map;

/**
 * An engine as the comparison starts it.
 *
 * @param label what a peer is called if it is not simply the engine; empty otherwise
 * @param command that starts its process
 * @param environment of the process
 * @param task what it is told to do
 * @param sameAnswer whether it must answer as camjar does
 */
record Contender(
    String label,
    List<String> command,
    Map<String, String> environment,
    Task task,
    boolean sameAnswer) {}
