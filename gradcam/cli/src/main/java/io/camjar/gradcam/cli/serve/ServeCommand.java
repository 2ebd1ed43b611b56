package io.camjar.gradcam.cli.serve;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.MemoryOption;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.options.PreparationOptions;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.options.ThreadsOption;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.serve.ExplainService;
import io.camjar.gradcam.serve.ServiceOptions;
import io.camjar.gradcam.serve.models.ModelSource;
import io.camjar.gradcam.serve.models.ServedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camjar serve}: the HTTP service. */
@Command(
    name = "serve",
    description = {
      "Explain images over HTTP: KServe's V1 protocol (:predict and :explain), Open Inference V2,"
          + " and a page to drop images on.",
      "Prints one line with its address when it is ready. SIGTERM lets it finish what it has"
          + " accepted and ends it."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final int MOST_MEGABYTES = 1024;
  private static final int LONGEST_TOKEN = 4096;

  @Spec private CommandSpec spec;
  @Mixin HelpOption help;

  @Option(
      names = "--weights",
      paramLabel = "[NAME=]FILE",
      description =
          "A network from PyTorch, fastai or ONNX; repeatable. Without NAME it is called like the"
              + " file without its ending. It is loaded again when the file changes (default: the"
              + " built-in model).")
  private List<String> weights = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen; 0.0.0.0 is every network of this machine (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--max-body",
      paramLabel = "MB",
      defaultValue = "32",
      description = "Largest request, in megabytes (default: ${DEFAULT-VALUE}).")
  private int maxBody;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Clients must send the token in this file: Authorization: Bearer TOKEN (default: none).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Requests that are computed at the same time (default: one a processor).")
  private @Nullable Integer workers;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Requests that may wait for a worker; more are answered 429 (default:"
              + " ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "What a request may take once it has arrived; after that 503 (default:"
              + " ${DEFAULT-VALUE}).")
  private int deadline;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOption device;

  @Mixin private MemoryOption memory;
  @Mixin private PreparationOptions preparation;
  @Mixin private ReadoutOptions readout;

  @Override
  public Integer call() throws InterruptedException {
    checkUsage();
    memory.apply();
    OptionalInt ended = KernelPlan.decide(device.select() ? Work.MUCH : 0);
    if (ended.isPresent()) {
      return ended.getAsInt();
    }
    threads.apply();
    PrintWriter err = spec.commandLine().getErr();
    ServiceOptions options = options();
    if (options.token() == null && !isLoopback(host)) {
      err.printf(
          "camjar: note: whoever reaches %s may use the service; --token-file asks for a token%n",
          host);
      err.flush();
    }
    ExplainService service = ExplainService.start(options, sources());
    CountDownLatch ever = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service, err), "camjar-drain"));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("camjar serves on %s%n", service.address());
    out.flush();
    ever.await();
    return ExitCode.DONE;
  }

  /** Ends the process with 0: to be told to end is how a service ends well. */
  private static void end(ExplainService service, PrintWriter err) {
    service.close();
    err.flush();
    Runtime.getRuntime().halt(ExitCode.DONE);
  }

  private void checkUsage() {
    readout.check();
    preparation.checkUsage();
    device.check(spec);
    memory.check(spec);
    Arguments.require(
        spec, port >= 0 && port <= 65535, "--port is " + port + ", but must lie in 0 to 65535");
    Arguments.require(
        spec,
        maxBody >= 1 && maxBody <= MOST_MEGABYTES,
        "--max-body is %d, but must lie in 1 to %d".formatted(maxBody, MOST_MEGABYTES));
    atLeastOne("--workers", workers);
    atLeastOne("--queue", queue);
    atLeastOne("--deadline", deadline);
    threads.check(spec);
    Arguments.require(spec, !host.isBlank(), "--host is empty");
    List<String> names = new ArrayList<>();
    for (String word : weights) {
      Named named = Named.of(word);
      Arguments.requireUsable(spec, () -> ModelSource.of(named.name(), named.file()));
      Arguments.require(
          spec,
          !names.contains(named.name()),
          "two models are called %s; give one of them another name: --weights NAME=FILE"
              .formatted(named.name()));
      names.add(named.name());
    }
  }

  private void atLeastOne(String option, @Nullable Integer value) {
    Arguments.require(
        spec, value == null || value >= 1, option + " is " + value + ", but must be 1 or more");
  }

  private ServiceOptions options() {
    ServiceOptions standard = ServiceOptions.STANDARD;
    return standard
        .withAddress(host, port)
        .withMaxBody((long) maxBody << 20)
        .withWork(workers == null ? standard.workers() : workers, queue)
        .withDeadline(Duration.ofSeconds(deadline))
        .withDrain(Duration.ofSeconds(deadline + 30L))
        .withToken(token());
  }

  private @Nullable String token() {
    if (tokenFile == null) {
      return null;
    }
    try {
      String token = Files.readString(tokenFile, StandardCharsets.UTF_8).strip();
      boolean usable =
          !token.isEmpty()
              && token.length() <= LONGEST_TOKEN
              && token.chars().allMatch(c -> c > ' ' && c < 127);
      if (!usable) {
        throw new CamjarException(
            "%s holds no token; write one word of letters, digits and signs to it"
                .formatted(tokenFile));
      }
      return token;
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be read (%s); check --token-file"
              .formatted(tokenFile, io.camjar.gradcam.cli.errors.FileProblems.describe(e)),
          e);
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private List<ModelSource> sources() {
    if (weights.isEmpty()) {
      return List.of(new ModelSource(ModelSource.BUILTIN, null, () -> load(null, true)));
    }
    return weights.stream()
        .map(Named::of)
        .map(named -> new ModelSource(named.name(), named.file(), new FirstTime(named.file())))
        .toList();
  }

  /** Says what the reader should know of a file when it is loaded first, and only then. */
  private final class FirstTime implements ModelSource.Loader {
    private final Path file;
    private boolean said;

    private FirstTime(Path file) {
      this.file = file;
    }

    @Override
    public synchronized ServedModel load() {
      boolean first = !said;
      said = true;
      return ServeCommand.this.load(file, first);
    }
  }

  private ServedModel load(@Nullable Path file, boolean aloud) {
    PrintWriter err =
        aloud ? spec.commandLine().getErr() : new PrintWriter(Writer.nullWriter(), false);
    LoadedModel loaded = Models.load(file, null, err);
    try {
      Explainer explainer = preparation.prepared(loaded.explainer());
      explainer =
          weights.size() > 1
              ? readout.applyFitting(explainer, readout.names())
              : readout.apply(explainer);
      explainer.preset().check();
      ReadoutOptions.say(explainer.readout(), err);
      return new ServedModel(loaded.network(), explainer);
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  /** A file and what it is called. */
  private record Named(String name, Path file) {
    /** {@code NAME=FILE} or {@code FILE}, which may have a {@code =} in it. */
    static Named of(String word) {
      int equals = word.indexOf('=');
      boolean named =
          equals > 0
              && word.substring(0, equals).matches("[\\p{L}\\p{N}._-]+")
              && !Files.exists(Path.of(word));
      Path file = Path.of(named ? word.substring(equals + 1) : word);
      return new Named(named ? word.substring(0, equals) : ModelSource.nameOf(file), file);
    }
  }
}
