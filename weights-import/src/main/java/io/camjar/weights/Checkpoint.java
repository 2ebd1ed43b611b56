package io.camjar.weights;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.container.Contents;
import io.camjar.weights.container.Deviation;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.ShardedFiles;
import io.camjar.weights.container.StatedOutputs;
import io.camjar.weights.container.preparation.HubPreparation;
import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.module.EffectiveTensors;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.names.Adapters;
import io.camjar.weights.names.ClassVectors;
import io.camjar.weights.names.MappingRow;
import io.camjar.weights.names.Recognised;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.graph.OnnxNetwork;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.torch.Apart;
import io.camjar.weights.torch.KeyChoice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An opened weights file: its tensors, what they were recognised as, and what else it says.
 *
 * <p>Immutable and safe to share. Holds a mapping of the file, not a copy; ND4J is not touched
 * until {@link #network()} or a tensor's array is asked for.
 */
public final class Checkpoint {
  private final String source;
  private final List<ByteRegion> files;
  private final Set<String> nonFinite = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Contents contents;
  private final EffectiveTensors effective;
  private final Recognised recognised;
  private final Optional<OnnxWeights> onnx;
  private final Optional<Malformed> fault;
  private final Checksum checksum;
  private @Nullable Optional<Preparation> preparation;

  Checkpoint(String source, List<ByteRegion> files, Contents contents, Checksum checksum) {
    this.source = source;
    this.checksum = checksum;
    this.files = List.copyOf(files);
    this.contents = contents;
    this.onnx = contents.onnx().map(OnnxWeights::of);
    Understood understood = Understood.of(contents);
    this.effective = understood.effective();
    this.recognised = understood.recognised();
    this.fault =
        Adapters.refusal(contents.tensors())
            .or(recognised::fault)
            .or(() -> onnx.flatMap(OnnxWeights::fault))
            .or(this::foreignCode)
            .or(this::layersApart)
            .or(this::otherSettings)
            .map(found -> ShardedFiles.alone(source).orElse(found));
  }

  /** The same tensors as another file will hold them. */
  Checkpoint writtenAs(String target, Contents written) {
    return new Checkpoint(target, files, written, checksum);
  }

  /** Why the code of a TorchScript archive does not compute what its tensors' names say. */
  private Optional<Malformed> foreignCode() {
    if (contents.forward().isPresent() && recognised.architecture().isPresent()) {
      Architecture found = recognised.architecture().get();
      if (!(found instanceof ResNetSpec)) {
        return Optional.of(
            new Malformed(
                "is a TorchScript archive whose tensors are those of %s, and its code is not compared with that"
                    .formatted(found.name()),
                "give the network's state_dict, or export it to ONNX"));
      }
    }
    Map<String, String> names = new HashMap<>();
    recognised.rows().stream()
        .filter(row -> !row.target().isEmpty())
        .forEach(row -> names.put(row.source(), row.target()));
    return recognised
        .resnet()
        .flatMap(spec -> contents.forward().flatMap(code -> code.difference(spec, names)));
  }

  /**
   * Layers under another key that fit behind the body or behind the classifier: an image may pass
   * through them. Whoever names the network's key has decided.
   */
  private Optional<Malformed> layersApart() {
    if (choice().origin() == KeyChoice.Origin.CALLER || recognised.resnet().isEmpty()) {
      return Optional.empty();
    }
    ResNetSpec spec = recognised.resnet().get();
    List<Integer> ends =
        spec.head() instanceof NoHead
            ? List.of(spec.features())
            : List.of(spec.features(), spec.classes());
    for (Apart apart : choice().apart()) {
      Optional<String> vectors =
          apart.training() && !(spec.head() instanceof NoHead)
              ? apart.first(
                  (name, shape) ->
                      ClassVectors.take(
                          apart.key() + "." + name, shape, spec.classes(), spec.features()))
              : Optional.empty();
      if (vectors.isPresent()) {
        return Optional.of(
            ClassVectors.refusal(
                apart.key() + "." + vectors.get(), spec.classes(), choice().key()));
      }
      for (int values : ends) {
        Optional<String> layer = apart.taking(values);
        if (layer.isPresent()) {
          return Optional.of(
              new Malformed(
                  "keeps under '%s' the layer '%s', whose %d inputs fit the outputs of the %s under '%s', and keys do not tell whether an image passes through both"
                      .formatted(
                          apart.key(),
                          layer.get(),
                          values,
                          values == spec.features() ? "body" : "network",
                          choice().key()),
                  "take the network alone with --key " + choice().key()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What settings with the weights say of the network that camjar's is not. Whole modules and code
   * say it themselves.
   */
  private Optional<Malformed> otherSettings() {
    if (!contents.modules().isEmpty() || contents.forward().isPresent()) {
      return Optional.empty();
    }
    boolean bottlenecks =
        recognised.resnet().filter(spec -> spec.block() == BlockKind.BOTTLENECK).isPresent();
    Optional<Deviation> inside = contents.knowledge().deviation();
    return inside
        .or(() -> Deviation.beside(source))
        .filter(said -> bottlenecks || !said.ofBottlenecks())
        .map(
            said ->
                new Malformed(
                    "is said to be another network by its setting "
                        + said.setting()
                        + ", so that "
                        + said.meaning(),
                    inside.isPresent()
                        ? "save the state dict alone if the setting is not this network's"
                        : "take config.json away if it is not this network's"));
  }

  /** The file's path, or {@code built-in}. */
  public String source() {
    return source;
  }

  /** The size in bytes of the file, or of an index and its shards together. */
  public long size() {
    return files.stream().mapToLong(ByteRegion::size).sum();
  }

  /**
   * The SHA-256 of the whole file, or of an index and its shards in the order of their names, in
   * lower-case hexadecimal; computed at the first call, or before by {@link
   * Checkpoints#openHashing}.
   */
  public String sha256() {
    return checksum.get();
  }

  /** The kind of file. */
  public CheckpointFormat format() {
    return contents.format();
  }

  /** The architecture if one was recognised, even if {@link #problem()} keeps it from running. */
  public Optional<Architecture> architecture() {
    return onnx.isPresent()
        ? onnx.flatMap(OnnxWeights::network).map(OnnxNetwork::architecture)
        : recognised.architecture();
  }

  /**
   * The architecture without its head: also known where only the head, or something between the
   * two, keeps the network from being recognised.
   */
  public Optional<Architecture> body() {
    return recognised.body().map(body -> body);
  }

  /** Why {@link #network()} would fail: one sentence that names the file; empty if it would not. */
  public Optional<String> problem() {
    return fault.map(fault -> failure(fault).getMessage());
  }

  /**
   * The architecture, complete with every tensor it needs.
   *
   * @throws CheckpointException if there is none, or a tensor is missing or of the wrong shape
   */
  public Architecture requireArchitecture() {
    if (fault.isPresent()) {
      throw failure(fault.get());
    }
    return architecture().orElseThrow();
  }

  /** The head's name, {@code torchvision}, {@code fastai1} or {@code fastai2}; empty if unknown. */
  public String head() {
    return architecture().map(Architecture::headLabel).orElse("");
  }

  /**
   * How the file names the body: {@code torchvision}, {@code fastai}, {@code huggingface} or {@code
   * other}; empty if unknown.
   */
  public String style() {
    return recognised.style();
  }

  /**
   * Class names in index order; empty if the file does not have one for every class. A network of
   * one output may have two: the first is that of logits below 0.
   */
  public List<String> classes() {
    List<String> known = contents.knowledge().classes();
    boolean complete =
        architecture()
            .map(Architecture::classes)
            .map(classes -> known.size() == classes || (classes == 1 && known.size() == 2))
            .orElse(!known.isEmpty());
    return complete ? known : List.of();
  }

  /** What the network's outputs mean, if the file says so. */
  public Optional<StatedOutputs> outputs() {
    return contents.knowledge().outputs();
  }

  /** How images were normalised in training, if the file says so. */
  public Optional<Normalization> normalization() {
    return preparation().flatMap(Preparation::normalization);
  }

  /**
   * What the file says about how images are prepared, or, where it says nothing, what the files say
   * that the Hugging Face hub keeps next to it.
   */
  public synchronized Optional<Preparation> preparation() {
    if (preparation == null) {
      preparation = contents.knowledge().preparation().or(() -> HubPreparation.beside(source));
    }
    return preparation;
  }

  /** The side of the training images in pixels, if the file says so and they are squares. */
  public OptionalInt inputSize() {
    return contents.knowledge().inputSize();
  }

  /** The training epoch, if the file says so. */
  public OptionalLong epoch() {
    return contents.knowledge().epoch();
  }

  /** Everything that the file says besides its tensors. */
  public Knowledge knowledge() {
    return contents.knowledge();
  }

  /** The keys that led to the tensors, outermost first: {@code [model]} for a fastai file. */
  public List<String> wrappers() {
    return contents.choice().keys();
  }

  /** Which of the networks in the file this is, and who chose it. */
  public KeyChoice choice() {
    return contents.choice();
  }

  /**
   * What a reader should know before trusting the numbers, a sentence each: which network of
   * several was taken, for example. Empty for a file that leaves nothing to say. That weights are
   * not finite is known, and said here, once they were read by {@link #network()}.
   */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!choice().remark().isEmpty()) {
      remarks.add(choice().remark() + ".");
    }
    remarks.addAll(CheckpointAssumptions.remarks(this));
    effective.notes().forEach(note -> remarks.add(note + "."));
    finalActivation()
        .ifPresent(
            last ->
                remarks.add(
                    "it ends in "
                        + last.kind()
                        + " at '"
                        + last.path()
                        + "'; the logits here are those before it."));
    onnx.flatMap(OnnxWeights::network).ifPresent(network -> remarks.addAll(network.remarks()));
    if (!nonFinite.isEmpty()) {
      remarks.add(NonFiniteWeights.sentence(List.copyOf(nonFinite)));
    }
    return remarks;
  }

  /** What was stripped from the front of the body's names, empty if nothing. */
  public String strippedPrefix() {
    return recognised.prefix();
  }

  /** What became of every name in the file and of every name that the network needs. */
  public List<MappingRow> mapping() {
    return recognised.rows();
  }

  /** Tensors of the file that are no part of the network and change no answer, in its order. */
  public List<String> ignored() {
    return leftOut().stream().map(MappingRow::source).toList();
  }

  /** What was assumed to find the network: which key, whose names, what was left out. */
  public List<Assumption> assumptions() {
    return CheckpointAssumptions.of(this);
  }

  /** What names and shapes leave open, of {@link #assumptions()}. */
  List<Assumption> recognitionAssumptions() {
    List<Assumption> assumptions = new ArrayList<>(recognised.assumptions());
    if (contents.forward().isEmpty()) {
      assumptions.addAll(OwnForward.of(contents.modules()));
    }
    return assumptions;
  }

  /** The rows of {@link #ignored()}, whose notes say why. */
  List<MappingRow> leftOut() {
    return recognised.rows().stream()
        .filter(row -> row.fate() == MappingRow.Fate.IGNORED && !row.isCounter())
        .toList();
  }

  /** Names of code that a pickle would have called and that was left alone. */
  public Set<String> inert() {
    return contents.inert();
  }

  /**
   * Tensors of an ONNX model that only limit others, such as Clip's, by name: infinite ones are as
   * good as any.
   */
  public Set<String> bounds() {
    return onnx().map(model -> model.graph().bounds()).orElse(Set.of());
  }

  /** The graph of operations, if the file is an ONNX model. */
  public Optional<OnnxModel> onnx() {
    return contents.onnx();
  }

  /**
   * All tensors under the names in the file, in its order; where the file has factors of a tensor,
   * such as a mask, what they make.
   */
  public StateDict tensors() {
    return effective.tensors();
  }

  /** What a file is made of, which decides how others load it. */
  public enum Form {
    /** Tensors by name. */
    TENSORS,
    /** Whole modules, whose classes Python needs to load them. */
    MODULES,
    /** A TorchScript archive with the code of its forward. */
    SCRIPT
  }

  /** What the file is made of. */
  public Form form() {
    return contents.forward().isPresent()
        ? Form.SCRIPT
        : contents.modules().isEmpty() ? Form.TENSORS : Form.MODULES;
  }

  /**
   * Whether some of {@link #tensors()} are not in the file as they are used, but computed from what
   * is: from a mask, from factors, from a batch norm's own eps.
   */
  public boolean computesTensors() {
    return effective.tensors() != contents.tensors();
  }

  /**
   * The activation with which a network that was saved whole ends. Its scores in camjar are those
   * before it.
   */
  public Optional<FinalActivation> finalActivation() {
    if (onnx.isPresent()) {
      return onnx.flatMap(OnnxWeights::finalActivation);
    }
    return contents
        .forward()
        .map(script -> FinalActivation.ofScript(script.activation()))
        .orElseGet(() -> FinalActivation.of(contents.modules()));
  }

  /** The network's tensors under the engine's names; empty if no network was recognised. */
  public StateDict canonical() {
    return onnx.flatMap(OnnxWeights::network)
        .map(OnnxNetwork::parameters)
        .orElse(recognised.tensors());
  }

  /**
   * The network's tensors as the engine asks for them; every {@code get} makes a new array.
   *
   * @throws CheckpointException as {@link #requireArchitecture()}
   */
  public Parameters parameters() {
    requireArchitecture();
    return new CheckpointParameters(source, canonical(), nonFinite::add);
  }

  /**
   * Builds the network, which the caller closes. It reads its parameters from the file as it needs
   * them, and holds those that somebody has asked for as arrays. If the file is written to after
   * this, the next parameter that is read ends in a {@link CheckpointException} that says so.
   *
   * @throws CheckpointException as {@link #requireArchitecture()}
   */
  public Network network() {
    return Network.of(requireArchitecture(), parameters());
  }

  private CheckpointException failure(Malformed fault) {
    return new CheckpointException(source, fault);
  }

  @Override
  public String toString() {
    return source
        + " ("
        + format().title()
        + ", "
        + architecture().map(Architecture::name).orElse("no network")
        + ")";
  }
}
