package io.camjar.weights.container;

import io.camjar.weights.module.SavedModule;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.torch.KeyChoice;
import io.camjar.weights.torch.ModelFinder;
import io.camjar.weights.torch.SavedModel;
import io.camjar.weights.torch.script.ScriptForward;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds, before its names are understood.
 *
 * @param format the kind of file
 * @param tensors under the file's own names
 * @param choice the keys that led to the tensors and who chose them
 * @param modules the modules by path, if whole modules were saved
 * @param knowledge what else the file says about the model
 * @param inert names that a pickle would have called and that were left alone
 * @param onnx the graph, if the file is an ONNX model
 * @param forward what the code computes, if the file is a TorchScript archive
 */
public record Contents(
    CheckpointFormat format,
    StateDict tensors,
    KeyChoice choice,
    Map<String, SavedModule> modules,
    Knowledge knowledge,
    Set<String> inert,
    Optional<OnnxModel> onnx,
    Optional<ScriptForward> forward) {

  /** What a safetensors file of these tensors and this free text holds. */
  public static Contents ofSafetensors(StateDict tensors, Map<String, String> metadata) {
    return Containers.plain(
        CheckpointFormat.SAFETENSORS, tensors, null, KnowledgeText.of(metadata));
  }

  /** The same with only those tensors whose names begin with a key; all if it is null. */
  public Contents below(@Nullable String key) {
    SavedModel model = ModelFinder.below(tensors, key);
    return new Contents(
        format, model.tensors(), model.choice(), modules, knowledge, inert, onnx, forward);
  }

  /** The same with other tensors. */
  Contents withTensors(StateDict others) {
    return new Contents(format, others, choice, modules, knowledge, inert, onnx, forward);
  }

  /** The same with what the code next to the tensors computes. */
  Contents withForward(Optional<ScriptForward> code) {
    Map<String, SavedModule> known = new LinkedHashMap<>(modules);
    code.ifPresent(
        script ->
            script
                .eps()
                .forEach(
                    (path, eps) ->
                        known.computeIfPresent(path, (p, module) -> module.with("eps", eps))));
    return new Contents(
        format, tensors, choice, Collections.unmodifiableMap(known), knowledge, inert, onnx, code);
  }
}
