package io.camjar.weights;

import io.camjar.weights.container.Contents;
import io.camjar.weights.module.EffectiveTensors;
import io.camjar.weights.names.FamilyRecognition;
import io.camjar.weights.names.Recognised;
import io.camjar.weights.names.Recognition;
import java.util.Map;

/**
 * What a file's tensors were understood as: a ResNet, a network of another family, or neither.
 *
 * @param effective the tensors with which that network computes what the file's does
 * @param recognised the network
 */
record Understood(EffectiveTensors effective, Recognised recognised) {

  static Understood of(Contents contents) {
    EffectiveTensors folded = EffectiveTensors.of(contents.tensors(), contents.modules());
    if (contents.onnx().isPresent()) {
      return new Understood(folded, OnnxWeights.NO_NAMES);
    }
    Recognised resnet = Recognition.of(folded.tensors(), contents.modules());
    if (resnet.fault().isEmpty() || resnet.body().isPresent()) {
      return new Understood(folded, resnet);
    }
    // Batch norms of other families have an eps of their own, which is not folded in.
    EffectiveTensors plain = EffectiveTensors.of(contents.tensors(), Map.of());
    return FamilyRecognition.of(plain.tensors(), contents.modules())
        .map(family -> new Understood(plain, family))
        .orElseGet(() -> new Understood(folded, resnet.withNearest(plain.tensors())));
  }
}
