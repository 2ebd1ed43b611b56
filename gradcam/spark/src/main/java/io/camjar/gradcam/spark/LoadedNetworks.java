package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The networks of this JVM: each is loaded once, whatever number of tasks ask for it at the same
 * time, and lives as long as the JVM.
 */
final class LoadedNetworks {
  private static final Map<String, Explainer> LOADED = new ConcurrentHashMap<>();

  private LoadedNetworks() {}

  /** How many were loaded in this JVM. */
  static int count() {
    return LOADED.size();
  }

  /**
   * The explainer of some weights, as the file suggests it.
   *
   * @param threads that one image may compute on; only the first call of a JVM has a say
   * @throws CamjarException if there is no network in the file
   */
  static Explainer of(ShippedWeights weights, int threads) {
    return LOADED.computeIfAbsent(weights.sha256(), sha -> load(weights, threads));
  }

  private static Explainer load(ShippedWeights weights, int threads) {
    // Read by the engine when it first computes; with one thread a pass stays on the task's own.
    if (System.getProperty("camjar.threads") == null) {
      System.setProperty("camjar.threads", Integer.toString(threads));
    }
    bound("org.bytedeco.javacpp.maxbytes", "1G");
    bound("org.bytedeco.javacpp.maxphysicalbytes", "0");
    bound("org.nd4j.log.initialization", "false");
    if (weights.files().isEmpty()) {
      Checkpoint builtin = Checkpoints.builtin();
      return explainer(builtin.network(), builtin);
    }
    try {
      Path folder = Files.createTempDirectory("camjar-weights");
      try {
        Checkpoint checkpoint = Checkpoints.open(weights.unpack(folder));
        Explainer explainer = explainer(checkpoint.network(), checkpoint);
        checkpoint.sha256(); // read now: the file goes
        return explainer;
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new CamjarException("no temporary folder could be made: " + e.getMessage(), e);
    }
  }

  private static Explainer explainer(Network network, Checkpoint checkpoint) {
    Explainer explainer = Explainer.of(network, checkpoint);
    explainer.model(); // waits for the checksum
    return explainer;
  }

  /** ND4J's natives hold the small arrays between the image and the network; no more than these. */
  private static void bound(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
