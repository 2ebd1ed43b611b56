package io.camjar.engine.nd4jcuda;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.cuda.Nd4jCards;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.device.DeviceSource;
import io.camjar.engine.device.Devices;
import java.util.List;
import java.util.Set;

/**
 * The first card, by ND4J. Where its backend is in the class path ND4J computes there and nowhere
 * else, so that what keeps it from doing so must be found before ND4J is loaded.
 */
public final class CudaNd4jDevice implements DeviceSource {

  @Override
  public Set<String> kinds() {
    return Set.of(Devices.CUDA_ND4J);
  }

  @Override
  public List<Found> find() {
    try {
      return List.of(new Found(Devices.CUDA_ND4J, true, name(Nd4jCards.first())));
    } catch (CamjarException e) {
      return List.of(new Found(Devices.CUDA_ND4J, false, e.getMessage()));
    }
  }

  @Override
  public String describe(String id) {
    if (!id.equals(Devices.CUDA_ND4J)) {
      throw new CamjarException(
          "ND4J computes on the first card that it sees; --device cuda-nd4j takes no number, and"
              + " CUDA_VISIBLE_DEVICES in the environment chooses another card, not "
              + id);
    }
    return "%s:0 (%s)".formatted(id, Nd4jCards.first().name());
  }

  private static String name(Facts card) {
    return "%s, by ND4J (%s)".formatted(card.name(), card.driver());
  }
}
