package io.camjar.gradcam.cli.convert;

import io.camjar.gradcam.StatedModel;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.image.SuggestedPreset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camjar convert}: any readable weights file to safetensors or ONNX. */
@Command(
    name = "convert",
    description = "Write the network of any readable weights file as safetensors or ONNX.")
public final class ConvertCommand implements Callable<Integer> {
  private static final List<String> NAMES = List.of("torchvision", "fastai");
  private static final List<String> TYPES = List.of("float32", "float16", "bfloat16");

  @Spec private CommandSpec spec;
  @Mixin HelpOption help;

  @Option(names = "--key", paramLabel = "NAME", description = ModelOptions.KEY)
  private @Nullable String key;

  @Parameters(paramLabel = "FILE", description = "A weights file of PyTorch, timm or fastai.")
  private Path file;

  @Option(
      names = "--to",
      paramLabel = "OUT",
      required = true,
      description =
          "The file to write: OUT.safetensors, or OUT.onnx for an ONNX model (opset 17, float32).")
  private Path target;

  @Option(
      names = "--names",
      paramLabel = "STYLE",
      defaultValue = "torchvision",
      description = "How to name tensors: torchvision or fastai (default: ${DEFAULT-VALUE}).")
  private String names;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "float32",
      description = "float32, float16 or bfloat16 (default: ${DEFAULT-VALUE}).")
  private String type;

  @Option(
      names = "--overwrite",
      description = "Replace OUT if it is there and holds something else.")
  private boolean overwrite;

  @Override
  public Integer call() {
    String name = target.toString().toLowerCase(Locale.ROOT);
    boolean onnx = name.endsWith(".onnx");
    Arguments.require(
        spec,
        onnx || name.endsWith(".safetensors"),
        "convert writes safetensors and ONNX, and '%s' promises another format; give --to a name"
                .formatted(target)
            + " that ends in .safetensors or .onnx");
    names = Arguments.requireKnown(spec, "--names", names, NAMES);
    type = Arguments.requireKnown(spec, "--dtype", type, TYPES);
    Arguments.require(
        spec,
        !onnx || (names.equals("torchvision") && type.equals("float32")),
        "an ONNX model is written in float32 with the names of its layers; leave --names and"
            + " --dtype out, or give --to a name that ends in .safetensors");
    Staging.checkFile(target, "--to");
    Checkpoint checkpoint = Checkpoints.open(file, key);
    Models.remark(checkpoint, spec.commandLine().getErr());
    Models.remarkNonFinite(
        checkpoint,
        checkpoint.tensors().entries().stream()
            .filter(tensor -> !tensor.isFinite())
            .map(TensorEntry::name)
            .toList(),
        spec.commandLine().getErr());
    NameStyle style = NameStyle.valueOf(names.toUpperCase(Locale.ROOT));
    Knowledge known = StatedModel.of(checkpoint).knowledge();
    Optional<Preparation> untold =
        onnx
            ? SuggestedPreset.untold(checkpoint)
            : SuggestedPreset.untold(
                checkpoint, CheckpointConverter.preview(checkpoint, target, style, known));
    Knowledge told = untold.map(known::withPreparation).orElse(known);
    if (onnx) {
      CheckpointConverter.toOnnx(checkpoint, target, overwrite, told);
    } else {
      CheckpointConverter.toSafetensors(
          checkpoint, target, style, DType.ofTorchName(type).orElseThrow(), overwrite, told);
    }
    untold.ifPresent(
        said ->
            spec.commandLine()
                .getErr()
                .printf(
                    "camjar: %s: it is written there how images are prepared: %s%n",
                    target, said.inWords()));
    String written = onnx ? "ONNX, opset 17, float32" : "%s, %s names".formatted(type, names);
    spec.commandLine()
        .getOut()
        .printf("wrote %s: %s as %s%n", target, checkpoint.requireArchitecture().name(), written);
    return ExitCode.DONE;
  }
}
