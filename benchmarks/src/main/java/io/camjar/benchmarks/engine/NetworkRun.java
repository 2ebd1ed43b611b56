package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.engine.model.Network;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A task on one network and one batch of images; owns both. */
abstract class NetworkRun implements Prepared {
  final Network network;
  final INDArray pictures;

  NetworkRun(Network network, INDArray pictures) {
    this.network = network;
    this.pictures = pictures;
  }

  @Override
  public String settings() {
    return CamjarEngine.settings();
  }

  @Override
  public String report() {
    return Allocation.of(this::run).toString();
  }

  @Override
  public void close() {
    pictures.close();
    network.close();
  }
}
