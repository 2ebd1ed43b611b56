package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked.Halo;
import java.util.HashMap;
import java.util.Map;

/** The borders of a program's values: all values of one size have one layout. */
final class Halos {
  private final Map<Long, Halo> halos = new HashMap<>();

  /** Makes the border of values of this shape at least this wide. */
  void widen(Shape shape, Halo halo) {
    halos.merge(shape.size(), halo, Halo::union);
  }

  /** The border of values of this shape. */
  Halo of(Shape shape) {
    return halos.getOrDefault(shape.size(), Halo.NONE);
  }
}
