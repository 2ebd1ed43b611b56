package io.camjar.gradcam.cli.options;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which network, and how images are prepared for it: what commands that run one share. */
public final class ModelOptions {
  public static final String KEY =
      "Which network of a file that holds several: its keys joined by dots (default: an average"
          + " of the weights, then the usual names).";

  /** What is wrong with {@code --key} where no file is named. */
  public static final String KEY_ALONE =
      "--key chooses among the networks of a weights file; name the file, or leave --key out";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "A network from PyTorch, fastai, safetensors or ONNX (default: the built-in model).")
  private @Nullable Path weights;

  @Option(names = "--key", paramLabel = "NAME", description = KEY)
  private @Nullable String key;

  @Mixin private PreparationOptions preparation;

  /** Refuses values that no network could use. */
  public void checkUsage() {
    checkUsage(weights != null);
  }

  /**
   * The same of a command that may name its weights file in another way.
   *
   * @param named whether there is a file
   */
  public void checkUsage(boolean named) {
    Arguments.require(spec, named || key == null, KEY_ALONE);
    preparation.checkUsage();
  }

  /** Whether no file was named. */
  public boolean isBuiltin() {
    return weights == null;
  }

  /**
   * Loads the network; the model's explainer prepares images as asked for.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  public LoadedModel load() {
    LoadedModel model = Models.load(weights, key, spec.commandLine().getErr());
    Explainer explainer = prepared(model.explainer());
    int height = explainer.preset().height();
    return resized(model.network(), explainer, height, explainer.preset().width());
  }

  /** A network that takes images of one size only, made to take those that are asked for. */
  private LoadedModel resized(Network network, Explainer explainer, int height, int width) {
    Network other = network.resized(height, width);
    if (other == network) {
      return new LoadedModel(network, explainer);
    }
    PrintWriter err = spec.commandLine().getErr();
    network
        .architecture()
        .resized(height, width)
        .ifPresent(one -> err.println("camjar: assumed: " + one.note()));
    return new LoadedModel(other, explainer.withNetwork(other));
  }

  /**
   * Opens the weights without building the network.
   *
   * @param file in place of {@code --weights}; null for that, or the built-in model
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  public Checkpoint open(@Nullable Path file) {
    Path named = file == null ? weights : file;
    return named == null ? Checkpoints.builtin() : Checkpoints.open(named, key);
  }

  /** The same with images prepared as asked for. */
  public Explainer prepared(Explainer explainer) {
    return preparation.prepared(explainer);
  }

  /**
   * Refuses what images cannot be prepared for, and says how they are, unless the built-in model
   * runs as it is.
   *
   * @throws io.camjar.engine.CamjarException if the file's or the options' preparation is of no use
   */
  public void preparing(Preset preparation, PrintWriter err) {
    preparation.check();
    if (weights != null || this.preparation.isNamed()) {
      err.println("camjar: " + preparation.describe());
    }
    for (String note : preparation.origins().notFollowed()) {
      err.println("camjar: note: " + note);
    }
    if (!preparation.origins().notFollowed().isEmpty() && !this.preparation.isNamed()) {
      err.println("camjar: note: --preset, --size, --mean and --std ask for something else");
    }
    err.flush();
  }

  /**
   * Says which options have no effect on arrays, which are prepared already. The size is not among
   * them where the network is for images of one, since {@code --size} chose it.
   */
  public void preparedAlready(Architecture network, PrintWriter err) {
    List<String> unused =
        Stream.of("--preset", "--size", "--mean", "--std", "--bgr")
            .filter(spec.commandLine().getParseResult()::hasMatchedOption)
            .filter(option -> !option.equals("--size") || !network.inputSize().fixed())
            .toList();
    if (!unused.isEmpty()) {
      err.printf(
          "camjar: note: the arrays of --input-npy are prepared already: %s %s no effect%n",
          String.join(", ", unused), unused.size() == 1 ? "has" : "have");
      err.flush();
    }
  }
}
