package io.camjar.gradcam.serve.models;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.UnknownNameException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All models of a service. Safe for any number of threads. */
public final class ModelRepository implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRepository.class);

  private final Map<String, Slot> slots;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "camjar-reload");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong reloads = new AtomicLong();
  private final AtomicLong failedReloads = new AtomicLong();

  private ModelRepository(Map<String, Slot> slots) {
    this.slots = slots;
  }

  /**
   * Loads all models, and again each whose file changes.
   *
   * @param every how often files are looked at; zero for never
   * @throws CamjarException if a file cannot be used, or two models have one name
   */
  public static ModelRepository load(List<ModelSource> sources, Duration every) {
    Map<String, Slot> slots = new LinkedHashMap<>();
    try {
      for (ModelSource source : sources) {
        if (slots.containsKey(source.name())) {
          throw new CamjarException(
              "two models are called %s; give one of them another name: NAME=FILE"
                  .formatted(source.name()));
        }
        slots.put(source.name(), new Slot(source));
      }
    } catch (RuntimeException e) {
      slots.values().forEach(Slot::close);
      throw e;
    }
    ModelRepository models = new ModelRepository(slots);
    if (!every.isZero()) {
      long ms = every.toMillis();
      models.looks.scheduleWithFixedDelay(models::refresh, ms, ms, TimeUnit.MILLISECONDS);
    }
    return models;
  }

  /** What they are called, in the order they were given. */
  public List<String> names() {
    return List.copyOf(slots.keySet());
  }

  /**
   * A model, to be closed after use.
   *
   * @throws UnknownNameException if there is none of that name
   */
  public Lease lease(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new UnknownNameException(
          "there is no model '%s'%s".formatted(name, NearestNames.choice(name, names())),
          name,
          NearestNames.of(name, names(), 1));
    }
    return slot.lease();
  }

  /** How often a changed file was loaded. */
  public long reloads() {
    return reloads.get();
  }

  /** How often a changed file could not be used, and the model before it went on. */
  public long failedReloads() {
    return failedReloads.get();
  }

  private void refresh() {
    for (Slot slot : new ArrayList<>(slots.values())) {
      try {
        slot.refresh()
            .ifPresent(
                done -> {
                  reloads.incrementAndGet();
                  LOG.info("{}", done);
                });
      } catch (RuntimeException | OutOfMemoryError e) {
        failedReloads.incrementAndGet();
        LOG.warn(
            "{} goes on as it was loaded before, because its changed file cannot be used: {}",
            slot.source().name(),
            String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
    try {
      looks.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    slots.values().forEach(Slot::close);
  }
}
