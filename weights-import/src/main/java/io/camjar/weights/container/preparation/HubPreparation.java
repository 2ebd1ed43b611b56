package io.camjar.weights.container.preparation;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.container.preparation.PreparationStep.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files say that the Hugging Face hub keeps next to weights: {@code
 * preprocessor_config.json} of Transformers' image processors, and the {@code pretrained_cfg} of
 * timm's {@code config.json}.
 *
 * <p>Sources: transformers, {@code models/convnext/image_processing_convnext.py}, {@code
 * models/vit/image_processing_vit.py}, {@code image_transforms.py} ({@code center_crop} rounds
 * offsets down).
 */
public final class HubPreparation {
  private final JsonNode root;
  private final Draft draft;

  private HubPreparation(JsonNode root, Draft draft) {
    this.root = root;
    this.draft = draft;
  }

  /**
   * What lies next to a file of weights; nothing if nothing is there that can be read.
   *
   * @param source the path of the weights
   */
  public static Optional<Preparation> beside(String source) {
    Optional<JsonNode> processor = HubFiles.read(source, "preprocessor_config.json");
    if (processor.isPresent()) {
      Draft draft = new Draft("preprocessor_config.json next to it");
      return Optional.of(new HubPreparation(processor.get(), draft).processor())
          .filter(said -> !said.isEmpty());
    }
    return HubFiles.read(source, "config.json")
        .map(root -> root.has("pretrained_cfg") ? root.get("pretrained_cfg") : root)
        .filter(root -> root.has("input_size") && root.has("mean"))
        .map(root -> Timm.of("config.json next to it", List.of(HubFiles.value(root))))
        .filter(said -> !said.isEmpty());
  }

  private Preparation processor() {
    String type =
        root.path("image_processor_type").asText(root.path("feature_extractor_type").asText(""));
    boolean convNext = type.startsWith("ConvNext");
    JsonNode resample = root.path("resample");
    String filter =
        Words.filter(
            resample.isMissingNode() || resample.isNull()
                ? (convNext || type.startsWith("CLIP") ? "bicubic" : "bilinear")
                : HubFiles.value(resample),
            draft);
    boolean resizes = root.path("do_resize").asBoolean(true);
    JsonNode size = root.path("size");
    Integer shortest = shortest(size, type);
    Size both = both(size);
    if (!resizes) {
      draft.note("the image processor does not resize (do_resize is false), which is not followed");
    } else if (shortest != null && convNext) {
      convNext(shortest, filter);
    } else if (shortest != null) {
      draft.add(PreparationStep.shortSide(shortest, filter));
      draft.size(Size.square(shortest));
    } else if (both != null) {
      draft.add(PreparationStep.of(Kind.RESIZE, both, filter));
    } else {
      draft.note("the image processor's size is not followed: " + size);
    }
    Size crop = both(root.path("crop_size"));
    if (root.path("do_center_crop").asBoolean(false) && crop != null) {
      draft.add(PreparationStep.of(Kind.CENTER_CROP, crop, "floor"));
    }
    if (draft.reached().isEmpty() && resizes && shortest != null) {
      draft.note(
          "the image processor cuts nothing out after it resizes the short side; camjar cuts out"
              + " the middle");
    }
    normalise();
    return draft.done();
  }

  /** Below 384 the centre of a little more, from 384 on the whole image squished. */
  private void convNext(int side, String filter) {
    double share = root.path("crop_pct").asDouble(224.0 / 256);
    if (side < 384 && share > 0 && share <= 1) {
      draft.add(PreparationStep.shortSide((int) (side / share), filter));
      draft.add(PreparationStep.of(Kind.CENTER_CROP, Size.square(side), "floor"));
    } else {
      draft.add(PreparationStep.of(Kind.RESIZE, Size.square(side), filter));
    }
  }

  private void normalise() {
    double scale =
        root.path("do_rescale").asBoolean(true)
            ? 255 * root.path("rescale_factor").asDouble(1 / 255.0)
            : 255;
    double offset = root.path("rescale_offset").asBoolean(false) ? -1 : 0;
    Normalization statistics = Normalization.NONE;
    if (root.path("do_normalize").asBoolean(true) && root.has("image_mean")) {
      Optional<Normalization> known =
          Values.normalization(
              HubFiles.value(root.path("image_mean")),
              HubFiles.value(root.path("image_std")),
              draft);
      if (known.isEmpty()) {
        return;
      }
      statistics = known.get();
    } else if (root.path("do_normalize").asBoolean(true)) {
      return; // The class's own default, which camjar does not know.
    }
    boolean usual = Math.abs(scale - 1) < 1e-9 && offset == 0;
    draft.normalization(usual ? statistics : statistics.ofSamples(scale, offset));
  }

  /** Old files have a number: ViT's processors squish to it, others resize the short side. */
  private static @Nullable Integer shortest(JsonNode size, String type) {
    if (size.isInt() && !type.startsWith("ViT") && !type.startsWith("DeiT")) {
      return size.asInt();
    }
    return size.path("shortest_edge").isInt() ? size.path("shortest_edge").asInt() : null;
  }

  private static @Nullable Size both(JsonNode size) {
    int height = size.isInt() ? size.asInt() : size.path("height").asInt();
    int width = size.isInt() ? size.asInt() : size.path("width").asInt();
    Size both = new Size(height, width);
    return both.usable() ? both : null;
  }
}
