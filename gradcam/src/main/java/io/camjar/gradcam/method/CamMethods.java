package io.camjar.gradcam.method;

import io.camjar.engine.NearestNames;
import io.camjar.engine.Spelling;
import io.camjar.engine.UnknownNameException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The methods there are, by name. */
public final class CamMethods {
  private static final long SEED = 0;

  /** Those that read the attention of vision transformers. */
  private static final List<CamMethod> OF_ATTENTION =
      List.of(new AttentionRollout(), new GradientRollout(), new AttentionCam(), new LeGrad());

  private static final List<CamMethod> ALL =
      Stream.concat(general(), OF_ATTENTION.stream()).toList();

  private static Stream<CamMethod> general() {
    return Stream.of(
        new GradCam(),
        new HiResCam(),
        new GradCamPlusPlus(),
        new XGradCam(),
        new LayerCam(),
        new GradCamElementwise(),
        new EigenCam(),
        new EigenGradCam(),
        new ScoreCam(),
        new AblationCam(),
        new FinerCam(),
        new LinearHeadCam(),
        new MeanActivation(),
        new RandomCam(SEED),
        new GuidedBackprop(),
        new GuidedGradCam());
  }

  private static final Map<String, String> ALIASES =
      Map.of("gradcamplusplus", "gradcam++", "gradcampp", "gradcam++");

  private CamMethods() {}

  /** The names of all methods, the usual one first. */
  public static List<String> names() {
    return ALL.stream().map(CamMethod::name).toList();
  }

  /** The names of those that only networks with attention can be explained by. */
  public static List<String> ofAttention() {
    return OF_ATTENTION.stream().map(CamMethod::name).toList();
  }

  /** Grad-CAM, what is meant unless something else is said. */
  public static CamMethod standard() {
    return ALL.get(0);
  }

  /** The baseline of random weights from a seed of one's own. */
  public static CamMethod random(long seed) {
    return new RandomCam(seed);
  }

  /**
   * The method with its channels projected on their first principal component instead of summed;
   * the method itself where it sums no channels, as pytorch-grad-cam has it.
   */
  public static CamMethod eigenSmoothed(CamMethod method) {
    return method instanceof SummedCam summed ? new EigenSmoothed(summed) : method;
  }

  /**
   * The same name in the spelling of {@link #names}, whatever its case and hyphens: {@code
   * Grad-CAM++} is {@code gradcam++}. An unknown one stays as it is.
   */
  public static String canonical(String name) {
    String plain = Spelling.plain(name);
    return Spelling.find(ALIASES.getOrDefault(plain, plain), names()).orElse(name);
  }

  /**
   * The method of that name; case, hyphens and underscores are free.
   *
   * @throws UnknownNameException with the names there are
   */
  public static CamMethod named(String name) {
    String wanted = canonical(name);
    for (CamMethod method : ALL) {
      if (method.name().equals(wanted)) {
        return method;
      }
    }
    throw new UnknownNameException(
        "there is no method \"%s\"%s".formatted(name, NearestNames.choice(name, names())),
        name,
        NearestNames.of(name, names(), 1));
  }
}
