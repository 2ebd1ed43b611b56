package io.camjar.weights.container.preparation;

import io.camjar.weights.container.preparation.PreparationStep.Kind;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What fastai 1 does to a validation image, from the state of its label lists: {@code tfms}, {@code
 * tfmargs}, {@code normalize}.
 *
 * <p>Source: fastai 1.0.61, {@code fastai/vision/image.py} ({@code apply_tfms}): without a method a
 * number is cropped to and a pair squished to.
 */
final class FastaiOne {
  private static final List<String> METHODS = List.of("", "crop", "pad", "squish", "no");

  private FastaiOne() {}

  /** Of a dict that has {@code tfmargs}. */
  static Preparation of(PyDict state) {
    Draft draft = new Draft("fastai 1's transforms");
    Object arguments = state.get("tfmargs");
    Object named = arguments == null ? null : Values.get(arguments, "size");
    Optional<Size> size = PickledNumbers.size(named);
    if (size.isPresent()) {
      resize(draft, arguments, size.get(), PickledNumbers.of(named).size() > 1);
    } else {
      draft.note(
          named == null
              ? "fastai's transforms in the file resize to no size (fastai feeds images as they"
                  + " are)"
              : "the size in fastai's tfmargs is not readable");
    }
    Values.items(state.get("tfms")).forEach(transform -> check(draft, transform));
    Object normalize = state.get("normalize");
    Optional<Normalization> known =
        normalize == null
            ? Optional.of(Normalization.NONE)
            : Values.normalization(
                Values.get(normalize, "mean"), Values.get(normalize, "std"), draft);
    known.ifPresent(draft::normalization);
    return draft.done();
  }

  private static void resize(Draft draft, Object arguments, Size size, boolean pair) {
    Optional<Double> index = PickledNumbers.scalar(Values.get(arguments, "resize_method"));
    String method =
        index
            .filter(i -> i >= 1 && i < METHODS.size())
            .map(i -> METHODS.get(i.intValue()))
            .orElseGet(() -> method(Values.get(arguments, "resize_method"), pair));
    if (method.equals("no")) {
      draft.note("fastai's ResizeMethod.NO in the file feeds images at their own size");
      draft.size(size);
      return;
    }
    String mode = Words.plain(Values.get(arguments, "mode"));
    if (!mode.isEmpty() && !mode.equals("bilinear")) {
      draft.note("fastai's mode \"%s\" is not followed, bilinear is".formatted(mode));
    }
    String padding = Words.padding(Values.get(arguments, "padding_mode"), "reflect", draft);
    int multiple =
        PickledNumbers.scalar(Values.get(arguments, "mult")).map(Double::intValue).orElse(0);
    Size target =
        multiple > 0
            ? new Size(rounded(size.height(), multiple), rounded(size.width(), multiple))
            : size;
    draft.add(PreparationStep.of(Kind.FASTAI1, target, method, padding));
  }

  /** The name of a member of {@code ResizeMethod} that was kept as such, or the default. */
  private static String method(@Nullable Object value, boolean pair) {
    String name = Words.plain(value).toLowerCase(Locale.ROOT);
    if (!name.isEmpty() && METHODS.contains(name)) {
      return name;
    }
    return pair ? "squish" : "crop";
  }

  private static int rounded(int side, int multiple) {
    return Math.max((int) ((double) side / multiple + 0.5) * multiple, multiple);
  }

  /** Of a validation set's transforms all but the centred crop change what the network sees. */
  private static void check(Draft draft, Object transform) {
    Object inner = Values.get(transform, "tfm");
    Object function = inner == null ? null : Values.get(inner, "func");
    String name =
        function instanceof PyGlobal global
            ? global.name()
            : Values.type(inner == null ? "" : inner);
    if (name.isEmpty() || !(name.contains("crop_pad") || Values.type(inner).equals("TfmCrop"))) {
      draft.note(
          "the file's transform %s is not followed"
              .formatted(name.isEmpty() ? "without a name" : name));
      return;
    }
    Object arguments = Values.get(transform, "kwargs");
    for (String share : List.of("row_pct", "col_pct")) {
      Optional<Double> at =
          PickledNumbers.scalar(arguments == null ? null : Values.get(arguments, share));
      if (at.isPresent() && at.get() != 0.5) {
        draft.note(
            "the file's crop at %s %s is not followed, the middle is".formatted(share, at.get()));
      }
    }
  }
}
