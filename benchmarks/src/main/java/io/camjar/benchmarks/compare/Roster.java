package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.engine.CamjarEngine;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who takes part in a task, each in a process of its own. */
final class Roster {
  private static final String ONNX_RUNTIME = "io.camjar.benchmarks.peers.OnnxRuntimeEngine";
  private static final String PYTORCH = "io.camjar.benchmarks.peers.PyTorchEngine";
  private static final String OPENCV = "io.camjar.benchmarks.peers.OpenCvEngine";

  /** Huge pages for what native libraries allocate, as camjar's heap has them; glibc 2.35. */
  private static final Map<String, String> NATIVE_HUGE_PAGES =
      Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

  /** Transformed weights are read through once a pass: 175 MB, in pages of 4 kB a cost of 3 %. */
  private static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

  /** What the launcher gives its JVM for the just-in-time compiler. */
  static final List<String> TIERS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:Tier4MinInvocationThreshold=30",
          "-XX:Tier4CompileThreshold=5000",
          "-XX:Tier4BackEdgeThreshold=400000");

  /** What it gives it besides, but for the service. */
  static final List<String> HEAP =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmn32m",
          "-XX:+UseCountedLoopSafepoints",
          "-XX:LoopStripMiningIter=1000");

  private final SourceTree layout;
  private final Optional<Build> before;
  private final boolean withPeers;

  /**
   * Everyone who may take part.
   *
   * @param before another build of camjar, which is a peer
   * @param withPeers whether other engines take part
   */
  Roster(SourceTree layout, Optional<Build> before, boolean withPeers) {
    this.layout = layout;
    this.before = before;
    this.withPeers = withPeers;
  }

  /** Camjar. */
  Contender ours(Task task) {
    return camjar("", layout.benchmarksJar(), task);
  }

  /** A build of camjar; all of them are given the same Java, options and threads. */
  private static Contender camjar(String label, Path jar, Task task, String... properties) {
    List<String> command = java();
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", HUGE_PAGES));
    command.addAll(TIERS);
    command.addAll(HEAP);
    command.add("-Dcamjar.threads=" + task.threads());
    command.addAll(List.of(properties));
    command.addAll(List.of("-cp", jar.toString(), CamjarEngine.class.getName()));
    return new Contender(
        label,
        command,
        Map.of("OMP_NUM_THREADS", Integer.toString(task.threads()), "OMP_WAIT_POLICY", "passive"),
        task,
        true);
  }

  /** Its peers at that task; of other engines none if their jar or their models are missing. */
  List<Contender> peers(Task task) {
    List<Contender> peers = new ArrayList<>();
    // First, so that its turns come right after camjar's.
    before.ifPresent(build -> peers.add(camjar(build.name(), build.benchmarksJar(), task)));
    if (!withPeers) {
      return peers;
    }
    if (holdsTransformed(task.workload())) {
      peers.add(camjar("camjar-low", layout.benchmarksJar(), task, "-Dcamjar.memory=low"));
    }
    if (task.workload().kind() == Workload.Kind.GRADCAM_LAST) {
      Workload whole = task.workload().forward();
      Task forward = new Task(whole, task.size(), task.batch(), task.threads());
      Contender own = ours(forward);
      peers.add(new Contender("camjar-forward", own.command(), own.environment(), forward, false));
    }
    if (!Files.exists(layout.modelsComplete())) {
      return peers;
    }
    if (Files.exists(layout.oneDnn()) && hasOneDnn(task.workload())) {
      peers.add(oneDnn(task, "winograd"));
      peers.add(oneDnn(task, "auto"));
    }
    if (!Files.exists(layout.peersJar())) {
      return peers;
    }
    String network = task.workload().network();
    switch (task.workload().kind()) {
      case FORWARD -> {
        if (Files.exists(layout.models().resolve(network + ".onnx"))) {
          peers.add(peer(task, ONNX_RUNTIME));
          if (!task.workload().isOfFamily()) {
            peers.add(peer(task, OPENCV));
          }
        }
        if (Files.exists(layout.models().resolve(network + ".pt"))) {
          peers.add(peer(task, PYTORCH, "inference"));
        }
      }
      case GRADCAM_LAST, GRADCAM_ALL -> {
        // Of other families the promise is about the own forward.
        if (!task.workload().isOfFamily()) {
          peers.add(peer(task, PYTORCH, "frozen"));
          peers.add(peer(task, PYTORCH, "hooked"));
          peers.add(peer(task, PYTORCH, "trainable"));
        }
      }
      case SCORECAM_LAST -> {} // No peer has it but as so many forwards.
      case TRAIN_STEP -> peers.add(peer(task, PYTORCH, "trainable"));
      case COLD_START -> throw new IllegalArgumentException("a cold start has no engines");
    }
    return peers;
  }

  /** Whether {@code --memory low} makes a difference. */
  private static boolean holdsTransformed(Workload workload) {
    boolean inference =
        switch (workload.kind()) {
          case FORWARD, GRADCAM_LAST, GRADCAM_ALL -> true;
          case SCORECAM_LAST, TRAIN_STEP, COLD_START -> false;
        };
    return inference && !workload.isOfFamily();
  }

  private static boolean hasOneDnn(Workload workload) {
    return !workload.isOfFamily() && workload.kind() != Workload.Kind.SCORECAM_LAST;
  }

  /** A native program that speaks the same protocol. */
  private Contender oneDnn(Task task, String algorithm) {
    List<String> command =
        List.of(layout.oneDnn().toString(), layout.models().toString(), algorithm);
    return new Contender("", command, ofPeers(task), task, true);
  }

  private static Map<String, String> ofPeers(Task task) {
    Map<String, String> environment = new HashMap<>(NATIVE_HUGE_PAGES);
    environment.put("OMP_NUM_THREADS", Integer.toString(task.threads()));
    return environment;
  }

  private Contender peer(Task task, String engine, String... arguments) {
    List<String> command = java();
    command.addAll(List.of("-cp", layout.peersJar().toString(), engine));
    command.add(layout.models().toString());
    command.addAll(List.of(arguments));
    return new Contender("", command, ofPeers(task), task, true);
  }

  /** The Java that runs this, without the warnings that JavaCPP earns on newer ones. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.addAll(
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    return command;
  }
}
