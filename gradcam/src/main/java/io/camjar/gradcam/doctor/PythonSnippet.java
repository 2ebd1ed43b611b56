package io.camjar.gradcam.doctor;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoint.Form;
import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.torch.KeyChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PyTorch code that gives the same numbers for the same file, with torchvision alone.
 *
 * <p>Whole modules and TorchScript archives run themselves. For tensors by name torchvision's
 * ResNet is built, changed where the network differs, and loaded under torchvision's names; what
 * PyTorch cannot read in a line is converted first.
 *
 * @param lines of Python; empty if there is no short equivalent
 * @param note why there is none, or what has to be done first; empty if nothing
 */
public record PythonSnippet(List<String> lines, String note) {
  private static final String CONVERTED = "converted.safetensors";

  /** Copies the lines. */
  public PythonSnippet {
    lines = List.copyOf(lines);
  }

  /**
   * The code for a file and how its images are prepared.
   *
   * @param image the image to read, or a name to be replaced
   * @param upright whether the image is turned as its EXIF orientation says
   */
  static PythonSnippet of(Checkpoint checkpoint, Preset preset, String image, boolean upright) {
    if (checkpoint.source().equals("built-in")) {
      return none("the built-in model lies in camjar's own jar, from which Python does not read");
    }
    Optional<List<String>> preparation = PythonPreparation.of(preset);
    if (preparation.isEmpty()) {
      return none("no short code is given for its preparation: " + preset.inShort());
    }
    Optional<String> whole = whole(checkpoint);
    List<String> network = new ArrayList<>();
    List<String> imports = new ArrayList<>();
    String note = "";
    if (whole.isPresent()) {
      network.add("net = " + whole.get());
      imports.add("import torch");
    } else {
      Set<String> parameters = parameters(checkpoint);
      Architecture architecture = checkpoint.requireArchitecture();
      if (!(architecture instanceof ResNetSpec spec)) {
        return none("no short code is given for %s".formatted(architecture.name()));
      }
      Optional<List<String>> head = PythonHead.of(spec.head(), parameters);
      if (head.isEmpty()) {
        return none("no short code is given for its %s head".formatted(spec.head().label()));
      }
      Optional<String> load = load(checkpoint);
      Optional<Renaming> renaming = load.isEmpty() ? Optional.empty() : Renaming.of(checkpoint);
      boolean direct = renaming.isPresent();
      imports.add("import re, torch, torchvision");
      if (!direct) {
        note = "first: camjar convert %s".formatted(quotedForShell(checkpoint.source()));
        note +=
            checkpoint.choice().origin() == KeyChoice.Origin.CALLER
                ? " --key " + checkpoint.choice().key()
                : "";
        note += " --to " + CONVERTED;
      }
      network.add(
          "state = " + (direct ? load.orElseThrow() : "load_file(\"%s\")".formatted(CONVERTED)));
      network.addAll(renaming.orElseGet(Renaming::ofConverted).python());
      network.addAll(PythonNetwork.of(spec));
      network.addAll(head.get());
      network.add("net.load_state_dict({k: v for k, v in state.items() if k in net.state_dict()})");
      if (network.get(0).contains("load_file(")) {
        imports.add("from safetensors.torch import load_file");
      }
      if (network.get(0).contains("numpy")) {
        imports.add("import numpy");
      }
    }
    List<String> lines = new ArrayList<>(imports);
    lines.add("from PIL import Image%s".formatted(upright ? ", ImageOps" : ""));
    lines.add("from torch import nn");
    lines.add("from torchvision.transforms import functional as F");
    lines.addAll(network);
    lines.add("net.eval()");
    String open = "Image.open(%s)".formatted(quoted(image));
    lines.add(
        "x = %s.convert(\"RGB\")"
            .formatted(upright ? "ImageOps.exif_transpose(%s)".formatted(open) : open));
    lines.addAll(preparation.get());
    lines.add("with torch.no_grad():");
    lines.add("    print(net(x)[0].tolist())");
    return new PythonSnippet(lines, note);
  }

  private static PythonSnippet none(String why) {
    return new PythonSnippet(List.of(), why);
  }

  /** Names of the parameters in a torchvision network. */
  private static Set<String> parameters(Checkpoint checkpoint) {
    return checkpoint.mapping().stream()
        .filter(row -> row.fate() == Fate.MAPPED)
        .map(Renaming::torchvision)
        .collect(Collectors.toSet());
  }

  /**
   * An expression for the network itself, where the file holds it. One that ends in an activation
   * would give other numbers than camjar, which stops before it.
   */
  private static Optional<String> whole(Checkpoint checkpoint) {
    boolean plain = checkpoint.finalActivation().isEmpty() && checkpoint.wrappers().isEmpty();
    String file = quoted(checkpoint.source());
    if (plain && checkpoint.form() == Form.SCRIPT) {
      return Optional.of("torch.jit.load(%s, map_location=\"cpu\")".formatted(file));
    }
    boolean torch =
        checkpoint.format() == CheckpointFormat.TORCH_ZIP
            || checkpoint.format() == CheckpointFormat.TORCH_LEGACY
            || checkpoint.format() == CheckpointFormat.TORCH_TAR;
    if (plain && torch && checkpoint.form() == Form.MODULES) {
      return Optional.of(
          "torch.load(%s, map_location=\"cpu\", weights_only=False)  # runs what the file asks for"
              .formatted(file));
    }
    return Optional.empty();
  }

  /** An expression for the tensors by name; empty if Python cannot read them in one. */
  private static Optional<String> load(Checkpoint checkpoint) {
    Optional<List<String>> dicts = checkpoint.choice().dicts();
    if (checkpoint.computesTensors() || checkpoint.form() != Form.TENSORS || dicts.isEmpty()) {
      return Optional.empty();
    }
    String file = quoted(checkpoint.source());
    return switch (checkpoint.format()) {
      case TORCH_ZIP, TORCH_LEGACY, TORCH_TAR -> {
        String keys =
            dicts.get().stream().map(key -> "[" + quoted(key) + "]").collect(Collectors.joining());
        // PyTorch of 2.6 and later loads nothing but tensors unless it is told to.
        boolean code =
            checkpoint.format() == CheckpointFormat.TORCH_TAR || !checkpoint.inert().isEmpty();
        yield Optional.of(
            "torch.load(%s, map_location=\"cpu\"%s)%s%s"
                .formatted(
                    file,
                    code ? ", weights_only=False" : "",
                    keys,
                    code ? "  # runs what the file asks for" : ""));
      }
      case SAFETENSORS -> Optional.of("load_file(%s)".formatted(file));
      case NPZ ->
          Optional.of(
              "{k: torch.from_numpy(v) for k, v in numpy.load(%s).items()}".formatted(file));
      default -> Optional.empty();
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String quotedForShell(String text) {
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
