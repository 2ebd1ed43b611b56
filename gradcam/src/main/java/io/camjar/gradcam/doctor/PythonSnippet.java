package io.camjar.gradcam.doctor;

import io.camjar.engine.model.ResNetSpec;
import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.names.MappingRow.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PyTorch code that gives the same numbers for the same file.
 *
 * @param lines of Python; empty if there is no short equivalent
 * @param note why there is none, or what has to be done first; empty if nothing
 */
public record PythonSnippet(List<String> lines, String note) {
  private static final Set<String> TORCHVISION =
      Set.of(
          "resnet18",
          "resnet34",
          "resnet50",
          "resnet101",
          "resnet152",
          "wide_resnet50_2",
          "wide_resnet101_2");

  /** Copies the lines. */
  public PythonSnippet {
    lines = List.copyOf(lines);
  }

  /**
   * The code for a file and how its images are prepared.
   *
   * @param image the image to read, or a name to be replaced
   */
  public static PythonSnippet of(Checkpoint checkpoint, Preset preset, String image) {
    ResNetSpec spec = checkpoint.spec();
    if (!isTorchvisions(spec)) {
      return none(
          "torchvision has no network like this one (%s, base width %d), so no short code is given"
              .formatted(spec.name(), spec.width()));
    }
    Set<String> parameters =
        checkpoint.mapping().stream()
            .filter(row -> row.fate() == Fate.MAPPED)
            .map(Renaming::torchvision)
            .collect(Collectors.toSet());
    Optional<List<String>> head = PythonHead.of(spec.head(), parameters);
    if (head.isEmpty()) {
      return none("no short code is given for its " + spec.head().label() + " head");
    }
    Optional<List<String>> preparation = PythonPreparation.of(preset);
    if (preparation.isEmpty()) {
      return none("no short code is given for its preparation: " + preset.inShort());
    }
    Optional<String> load = load(checkpoint);
    Optional<Renaming> renaming = load.isEmpty() ? Optional.empty() : Renaming.of(checkpoint);
    boolean direct = renaming.isPresent();
    List<String> lines = new ArrayList<>();
    lines.add("import re, torch, torchvision");
    lines.add("from PIL import Image, ImageOps");
    lines.add("from torch import nn");
    lines.add("from torchvision.transforms import functional as F");
    boolean safetensors = !direct || checkpoint.format() == CheckpointFormat.SAFETENSORS;
    if (safetensors) {
      lines.add("from safetensors.torch import load_file");
    }
    lines.add("state = " + (direct ? load.orElseThrow() : "load_file(\"converted.safetensors\")"));
    lines.addAll(renaming.orElseGet(Renaming::ofConverted).python());
    lines.add("net = torchvision.models.%s(num_classes=%d)".formatted(spec.name(), spec.classes()));
    if (spec.inChannels() != 3) {
      lines.add("net.conv1 = nn.Conv2d(%d, 64, 7, 2, 3, bias=False)".formatted(spec.inChannels()));
    }
    lines.addAll(head.get());
    lines.add(
        "net.load_state_dict({k: v for k, v in state.items() if k in net.state_dict()}); net.eval()");
    lines.add(
        "x = ImageOps.exif_transpose(Image.open(%s)).convert(\"RGB\")".formatted(quoted(image)));
    lines.addAll(preparation.get());
    lines.add("with torch.no_grad():");
    lines.add("    print(net(x)[0].tolist())");
    String note =
        direct
            ? ""
            : "first: camjar convert %s --to converted.safetensors".formatted(checkpoint.source());
    return new PythonSnippet(lines, note);
  }

  private static PythonSnippet none(String why) {
    return new PythonSnippet(List.of(), why);
  }

  private static boolean isTorchvisions(ResNetSpec spec) {
    if (!TORCHVISION.contains(spec.name())) {
      return false;
    }
    ResNetSpec plain = ResNetSpec.named(spec.name(), spec.head()).withInChannels(spec.inChannels());
    return plain.equals(spec);
  }

  /** An expression for the tensors by name; empty if PyTorch alone cannot read them in one. */
  private static Optional<String> load(Checkpoint checkpoint) {
    String file = quoted(checkpoint.source());
    boolean module =
        checkpoint.inert().stream().anyMatch(name -> name.contains("torch.nn.modules"));
    String keys =
        checkpoint.wrappers().stream()
            .map(key -> "[" + quoted(key) + "]")
            .collect(Collectors.joining());
    return switch (checkpoint.format()) {
      case TORCH_ZIP, TORCH_LEGACY, TORCH_TAR -> {
        if (module) {
          // Unlike camjar, this runs what the pickle asks for.
          yield keys.isEmpty()
              ? Optional.of(
                  "torch.load(%s, map_location=\"cpu\", weights_only=False).state_dict()"
                      .formatted(file))
              : Optional.empty();
        }
        yield Optional.of("torch.load(%s, map_location=\"cpu\")%s".formatted(file, keys));
      }
      case TORCH_SCRIPT ->
          Optional.of("torch.jit.load(%s, map_location=\"cpu\").state_dict()".formatted(file));
      case SAFETENSORS ->
          checkpoint.source().equals("built-in")
              ? Optional.empty()
              : Optional.of("load_file(%s)".formatted(file));
      default -> Optional.empty();
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
