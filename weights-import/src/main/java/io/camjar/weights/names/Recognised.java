package io.camjar.weights.names;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Optional;

/**
 * What a file's names and shapes say.
 *
 * @param architecture the network, if one was recognised
 * @param body a ResNet without its head, also where only that was not recognised
 * @param tensors its parameters under the engine's names; empty if none was recognised
 * @param style {@code torchvision}, {@code fastai}, {@code huggingface} or {@code other}: how the
 *     file names the body; empty if unknown
 * @param prefix what was stripped from the names, empty if nothing
 * @param rows what became of every name
 * @param assumptions what names and shapes leave open and was assumed
 * @param fault why the network cannot be built, if it cannot
 */
public record Recognised(
    Optional<Architecture> architecture,
    Optional<ResNetSpec> body,
    StateDict tensors,
    String style,
    String prefix,
    List<MappingRow> rows,
    List<Assumption> assumptions,
    Optional<Malformed> fault) {

  /** The network, if it is a ResNet. */
  public Optional<ResNetSpec> resnet() {
    return architecture.filter(ResNetSpec.class::isInstance).map(ResNetSpec.class::cast);
  }

  /**
   * The same, whose refusal of a network that no family has also names the nearest published one.
   *
   * @param raw the file's tensors
   */
  public Recognised withNearest(StateDict raw) {
    if (!style.isEmpty()) {
      return this;
    }
    StateDict named = WrapperNames.renamed(raw, WrapperNames.sources(raw));
    return new Recognised(
        architecture,
        body,
        tensors,
        style,
        prefix,
        rows,
        assumptions,
        fault.map(why -> NearestMember.added(why, named)));
  }
}
