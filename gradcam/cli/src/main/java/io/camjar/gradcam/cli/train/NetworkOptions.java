package io.camjar.gradcam.cli.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.train.Initialisation;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.container.preparation.Normalization;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which network is trained, and what it knows at the beginning. */
public final class NetworkOptions {
  private static final Normalization IMAGENET =
      new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  private static final List<String> HEADS = List.of("torchvision", "fastai1", "fastai2");

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description = "The network, such as resnet18 or mobilenet_v2 (default: resnet34).")
  private @Nullable String architecture;

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Channels of a ResNet's stem (default: 64).")
  private @Nullable Integer width;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      description = "A ResNet's head: torchvision, fastai1 or fastai2 (default: torchvision).")
  private @Nullable String head;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description =
          "Fine-tune the network of a weights file: its body, with a new head where its classes are"
              + " others. The body is frozen in the first epoch.")
  private @Nullable Path init;

  /**
   * A network to be trained.
   *
   * @param origin what its weights were, in words
   * @param normalization of its images
   */
  record Start(Network network, String origin, Normalization normalization)
      implements AutoCloseable {
    @Override
    public void close() {
      network.close();
    }
  }

  boolean fineTunes() {
    return init != null;
  }

  /** Refuses what makes no sense before anything is read. */
  void check(CommandSpec spec) {
    if (head != null) {
      head = Arguments.requireKnown(spec, "--head", head, HEADS);
    }
    if (architecture != null) {
      architecture = Arguments.requireKnown(spec, "--arch", architecture, Families.names());
    }
    Arguments.require(
        spec,
        init == null || (architecture == null && width == null),
        "--init takes the network of its file; leave --arch and --width out");
    boolean resnet = architecture == null || ResNetSpec.names().contains(architecture);
    Arguments.require(
        spec,
        resnet || (head == null && width == null),
        "--head and --width are for ResNets; leave them out for " + architecture);
    Arguments.require(
        spec,
        width == null || (width >= 1 && width <= 1024),
        "--width is a number of channels from 1 to 1024, not " + width);
  }

  /** The network, with what the recipe puts into it. */
  Start start(List<String> classes, RecipeOptions recipe, PrintWriter err) {
    Start start = start(classes, recipe.seed(), err);
    if (recipe.dropPath() == 0) {
      return start;
    }
    try {
      return new Start(
          start.network().withDropPath(recipe.dropPath()), start.origin(), start.normalization());
    } catch (CamjarException e) {
      start.close();
      throw e;
    }
  }

  private Start start(List<String> classes, long seed, PrintWriter err) {
    if (init != null) {
      return fineTuned(init, classes, seed, err);
    }
    String name = architecture == null ? "resnet34" : architecture;
    Architecture made = Families.named(name, classes.size());
    if (made instanceof ResNetSpec spec) {
      made = withHead(width == null ? spec : spec.withWidth(width), classes.size());
    }
    Network network = Network.of(made, new Initialisation(made.graph(), seed));
    return new Start(network, "scratch", IMAGENET);
  }

  private ResNetSpec withHead(ResNetSpec spec, int classes) {
    return spec.withHead(head(head == null ? "torchvision" : head, spec.features(), classes));
  }

  private static HeadSpec head(String name, int features, int classes) {
    return switch (name) {
      case "fastai1" -> SequentialHead.fastai1(features, classes);
      case "fastai2" -> SequentialHead.fastai2(features, classes);
      default -> new LinearHead(classes);
    };
  }

  private Start fineTuned(Path file, List<String> classes, long seed, PrintWriter err) {
    Checkpoint checkpoint = Checkpoints.open(file);
    Models.remark(checkpoint, err);
    Architecture known = checkpoint.requireArchitecture();
    if (known.inChannels() != 3) {
      throw new CamjarException(
          "%s takes images of %d channels, and train makes colour images of three; give a network for those"
              .formatted(file, known.inChannels()));
    }
    boolean same = known.classes() == classes.size() && checkpoint.classes().equals(classes);
    Architecture wanted = same && head == null ? known : other(file, known, classes.size());
    Parameters fresh = new Initialisation(wanted.graph(), seed);
    boolean others = !same && !checkpoint.classes().isEmpty();
    Set<String> ofClasses =
        others ? differing(wanted, other(file, known, classes.size() + 1)) : Set.of();
    Parameters given = checkpoint.parameters();
    Map<String, long[]> shapes = known.parameterShapes();
    int[] taken = {0, 0};
    Network network =
        Network.of(
            wanted,
            new Parameters() {
              @Override
              public boolean has(String path) {
                return fresh.has(path);
              }

              @Override
              public INDArray get(String path, long... shape) {
                boolean there =
                    !ofClasses.contains(path)
                        && shapes.containsKey(path)
                        && Arrays.equals(shapes.get(path), shape);
                taken[there ? 0 : 1]++;
                return there ? given.get(path, shape) : fresh.get(path, shape);
              }
            });
    err.printf("camjar: %d tensors are those of %s, %d are new%n", taken[0], file, taken[1]);
    if (taken[1] == 0 && !same) {
      err.printf(
          "camjar: %s does not name its classes, so they are taken for those of the folders%n",
          file);
    }
    err.flush();
    return new Start(network, checkpoint.sha256(), checkpoint.normalization().orElse(IMAGENET));
  }

  /** The parameters whose shapes tell two networks apart. */
  private static Set<String> differing(Architecture one, Architecture other) {
    Map<String, long[]> shapes = other.parameterShapes();
    Set<String> differing = new HashSet<>();
    one.parameterShapes()
        .forEach(
            (name, shape) -> {
              if (!Arrays.equals(shape, shapes.get(name))) {
                differing.add(name);
              }
            });
    return differing;
  }

  private Architecture other(Path file, Architecture known, int classes) {
    if (known instanceof ResNetSpec spec) {
      String kind = head != null ? head : spec.headLabel();
      return spec.withHead(head(kind, spec.features(), classes));
    }
    if (head == null && Families.names().contains(known.name())) {
      return Families.named(known.name(), classes);
    }
    throw new CamjarException(
        "%s is %s, which train gives no new head; give a ResNet or a published network"
            .formatted(file, known.name()));
  }
}
