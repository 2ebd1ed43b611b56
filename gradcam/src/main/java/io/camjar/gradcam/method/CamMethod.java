package io.camjar.gradcam.method;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.target.Score;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a layer did into one map. Stateless: one object serves all threads.
 *
 * <p>The methods that camjar has come from the factories below, or by name. One of your own needs
 * {@link #name} and {@link #map}; {@code Explainer.withMethod} takes it as any other:
 *
 * <pre>{@code
 * class LargestActivation implements CamMethod {
 *   public String name() {
 *     return "largest-activation";
 *   }
 *
 *   public RawMap map(LayerSample sample, Subject subject) {
 *     float[] largest = new float[sample.cells()];
 *     float[] activations = sample.activations();
 *     for (int i = 0; i < activations.length; i++) {
 *       largest[i % largest.length] = Math.max(largest[i % largest.length], activations[i]);
 *     }
 *     return RawMap.of(sample, largest);
 *   }
 * }
 * }</pre>
 */
public interface CamMethod {
  /** Grad-CAM, what is meant unless something else is said. */
  static CamMethod gradCam() {
    return CamMethods.named("gradcam");
  }

  /** HiResCAM. */
  static CamMethod hiResCam() {
    return CamMethods.named("hirescam");
  }

  /** Grad-CAM++. */
  static CamMethod gradCamPlusPlus() {
    return CamMethods.named("gradcam++");
  }

  /** XGrad-CAM. */
  static CamMethod xGradCam() {
    return CamMethods.named("xgradcam");
  }

  /** LayerCAM. */
  static CamMethod layerCam() {
    return CamMethods.named("layercam");
  }

  /** Grad-CAM element by element. */
  static CamMethod gradCamElementwise() {
    return CamMethods.named("gradcamelementwise");
  }

  /** Eigen-CAM, which knows no class. */
  static CamMethod eigenCam() {
    return CamMethods.named("eigencam");
  }

  /** Eigen-Grad-CAM. */
  static CamMethod eigenGradCam() {
    return CamMethods.named("eigengradcam");
  }

  /** Score-CAM: a forward for each channel. */
  static CamMethod scoreCam() {
    return CamMethods.named("scorecam");
  }

  /** Ablation-CAM: a partial forward for each channel. */
  static CamMethod ablationCam() {
    return CamMethods.named("ablationcam");
  }

  /** Finer-CAM: the class compared with the three that are most like it. */
  static CamMethod finerCam() {
    return CamMethods.named("finercam");
  }

  /** CAM of the paper, from the weights of a single linear layer. */
  static CamMethod cam() {
    return CamMethods.named("cam");
  }

  /** The mean over channels, which knows no class. */
  static CamMethod meanActivation() {
    return CamMethods.named("meanactivation");
  }

  /** Attention rollout, for vision transformers. */
  static CamMethod rollout() {
    return new AttentionRollout();
  }

  /** Attention weighted by its gradient over all blocks, for vision transformers. */
  static CamMethod gradientRollout() {
    return new GradientRollout();
  }

  /** Grad-CAM on the attention of one block, for vision transformers. */
  static CamMethod attentionCam() {
    return new AttentionCam();
  }

  /** LeGrad, for vision transformers. */
  static CamMethod leGrad() {
    return new LeGrad();
  }

  /** Guided backpropagation, at the pixels. */
  static CamMethod guidedBackprop() {
    return CamMethods.named("guidedbackprop");
  }

  /** Guided backpropagation times Grad-CAM, at the pixels. */
  static CamMethod guidedGradCam() {
    return CamMethods.named("guidedgradcam");
  }

  /** Weights from a random generator, the baseline that says nothing of the network. */
  static CamMethod random(long seed) {
    return CamMethods.random(seed);
  }

  /**
   * The method of that name; case, hyphens and underscores are free.
   *
   * @throws io.camjar.engine.UnknownNameException with the names there are
   */
  static CamMethod named(String name) {
    return CamMethods.named(name);
  }

  /** The name on the command line and in records. */
  String name();

  /** Whether it reads gradients; where it does not, no backward is run for it. */
  default boolean usesGradients() {
    return true;
  }

  /**
   * Whether of gradients it reads {@link LayerSample#gradientMeans} alone: a linear layer on
   * flattened maps, as VGG and AlexNet have, then needs a fraction of its weights. Where a method
   * says so, {@link LayerSample#gradients} may have other values of the same means.
   */
  default boolean readsGradientMeansOnly() {
    return false;
  }

  /** Whether its maps depend on the class that is explained. */
  default boolean classDiscriminative() {
    return true;
  }

  /** The only layer it has a map of, where there is no choice. */
  default @Nullable String onlyLayer() {
    return null;
  }

  /** Whether it asks the network again for every channel of a layer. */
  default boolean asksRepeatedly() {
    return false;
  }

  /** Whether it can explain a network at all; of one that it cannot, {@link #refusal} says why. */
  default boolean suits(Network network) {
    return true;
  }

  /**
   * Why it has no map of a layer, whatever the image, in one sentence; empty where it has one.
   *
   * @param network whose scores are explained
   * @param layer by path
   */
  default Optional<String> refusal(Network network, String layer) {
    return Optional.empty();
  }

  /** What a reader of its maps must know, in one sentence. */
  default Optional<String> caution() {
    return Optional.empty();
  }

  /**
   * The score whose gradient it reads.
   *
   * @param asked the score to explain
   * @param logits of the image, one a class
   */
  default Score score(Score asked, float[] logits) {
    return asked;
  }

  /** The signed map, before ReLU and scaling. */
  RawMap map(LayerSample sample, Subject subject);
}
