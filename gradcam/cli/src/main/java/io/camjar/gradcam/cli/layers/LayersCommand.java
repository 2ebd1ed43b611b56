package io.camjar.gradcam.cli.layers;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.family.Families;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.options.SizeConverter;
import io.camjar.weights.container.preparation.Size;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camjar layers}: every point that can be asked for. */
@Command(
    name = "layers",
    description = "List every addressable point of a network: its aliases, shape and cost.")
public final class LayersCommand implements Callable<Integer> {
  private static final int CLASSES = 1000;

  @Spec private CommandSpec spec;
  @Mixin HelpOption help;
  @ArgGroup private @Nullable Choice choice;

  @Option(names = "--key", paramLabel = "NAME", description = ModelOptions.KEY)
  private @Nullable String key;

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      converter = SizeConverter.class,
      description =
          "Side of the input in pixels, or height and width (default: that of the network).")
  private @Nullable Size size;

  /** A file's network or a standard one; neither means the built-in model. */
  private static final class Choice {
    @Option(
        names = "--weights",
        paramLabel = "FILE",
        description = "The network of this file (default: the built-in model).")
    private @Nullable Path weights;

    @Option(
        names = "--arch",
        paramLabel = "NAME",
        description =
            "A published network, such as resnet50, vgg16, efficientnet_b0 or"
                + " vit_base_patch16_224; an unknown name lists them all.")
    private @Nullable String architecture;
  }

  @Override
  public Integer call() {
    boolean file = choice != null && choice.weights != null;
    Arguments.require(spec, file || key == null, ModelOptions.KEY_ALONE);
    try (Network network = network()) {
      var usual = network.architecture().inputSize();
      Size wanted = size == null ? new Size(usual.height(), usual.width()) : size;
      Network resized = network.resized(wanted.height(), wanted.width());
      LayerTable.print(resized, wanted, spec.commandLine().getOut());
    }
    return ExitCode.DONE;
  }

  private Network network() {
    if (choice == null || choice.architecture == null) {
      return Models.load(choice == null ? null : choice.weights, key, spec.commandLine().getErr())
          .network();
    }
    String name = Arguments.requireKnown(spec, "--arch", choice.architecture, Families.names());
    return Network.of(Families.named(name, CLASSES), new Untrained());
  }

  /** Shapes are all that a table of layers needs. */
  private static final class Untrained implements io.camjar.engine.graph.Parameters {
    @Override
    public boolean has(String path) {
      return true;
    }

    @Override
    public org.nd4j.linalg.api.ndarray.INDArray get(String path, long... shape) {
      return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }
  }
}
