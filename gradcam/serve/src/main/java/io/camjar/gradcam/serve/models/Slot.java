package io.camjar.gradcam.serve.models;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethod;
import java.nio.file.Path;
import java.util.Optional;

/** A served name: the model behind it, and which state of its file that is. */
final class Slot {
  private static final int SIDE = 64;

  private final ModelSource source;
  private volatile Loaded loaded;

  /** What was loaded, or was tried and could not be used. */
  private Stamp known;

  /** What the last look found. */
  private Stamp seen;

  Slot(ModelSource source) {
    this.source = source;
    this.known = look();
    this.seen = known;
    this.loaded = load();
  }

  ModelSource source() {
    return source;
  }

  Lease lease() {
    while (true) {
      Loaded current = loaded;
      if (current.retain()) {
        return new Lease(source.name(), current);
      }
    }
  }

  /**
   * Loads the file again if it has changed, and has been the same at two looks: one that is being
   * written is not read.
   *
   * @return what was done, if anything
   * @throws CamjarException if it cannot be used; the model that was loaded goes on
   */
  Optional<String> refresh() {
    Stamp now = look();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(known) || now.equals(Stamp.NONE)) {
      return Optional.empty();
    }
    known = now;
    Loaded old = loaded;
    loaded = load();
    old.release();
    return Optional.of("loaded %s again, its file has changed".formatted(source.name()));
  }

  private Stamp look() {
    Path file = source.file();
    return file == null ? Stamp.NONE : Stamp.of(file);
  }

  /** Loads it; records name the model, not a place on the server's disk. */
  private Loaded load() {
    ServedModel model = source.loader().load();
    try {
      // The checksum is of what was loaded: it must be complete before the file changes.
      model.explainer().model();
      // So must the parameters be: a model goes on whatever is written to its file.
      model.network().readParameters();
      tryOut(model);
    } catch (RuntimeException e) {
      model.network().close();
      throw e;
    }
    return new Loaded(new ServedModel(model.network(), model.explainer().withSource(publicName())));
  }

  /**
   * Runs the network once: a file whose network cannot be run is refused here and not at the first
   * request, which need not wait for classes to be loaded either.
   */
  private static void tryOut(ServedModel model) {
    RgbImage black = RgbImage.of(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
    Explainer explainer = model.explainer();
    if (explainer.labels().count() == 0) {
      explainer = explainer.withMethod(CamMethod.meanActivation());
    }
    explainer.explain(black);
  }

  private String publicName() {
    Path file = source.file();
    return file == null ? source.name() : String.valueOf(file.getFileName());
  }

  void close() {
    loaded.release();
  }
}
