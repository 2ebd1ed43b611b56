package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file, or the one next to it, says about classes and outputs. */
class StatedReadoutTests {
  @TempDir private Path temp;

  private Readout read(TinyCheckpoint checkpoint, String name) throws IOException {
    return Readout.of(Checkpoints.open(checkpoint.write(temp.resolve(name))));
  }

  private void config(String json) throws IOException {
    Files.writeString(temp.resolve("config.json"), json);
  }

  @Test
  void theConfigurationBesideTheWeightsNamesClassesAndTheKindOfProblem() throws IOException {
    config(
        "{\"model_type\": \"resnet\", \"problem_type\": \"multi_label_classification\","
            + " \"id2label\": {\"1\": \"bee\", \"0\": \"ant\"}, \"label2id\": {\"ant\": 0, \"bee\":"
            + " 1}}");

    Readout readout = read(TinyCheckpoint.answering(1, 2), "model.safetensors");

    assertThat(readout.labels().names()).containsExactly("ant", "bee");
    assertThat(readout.outputs()).isEqualTo(Outputs.SIGMOID);
    assertThat(readout.outputsDecision().by()).isEqualTo(By.FILE);
    assertThat(readout.outputsDecision().reason())
        .contains("problem_type in")
        .contains("config.json");
  }

  /** It may be written into another file, which tells nobody where this one lay. */
  @Test
  void whatIsSaidOfTheConfigurationNamesNoFolder() throws IOException {
    config("{\"problem_type\": \"multi_label_classification\"}");
    Path file = TinyCheckpoint.answering(1, 2).write(temp.resolve("model.safetensors"));

    assertThat(
            StatedModel.of(Checkpoints.open(file)).knowledge().outputs().orElseThrow().evidence())
        .isEqualTo("problem_type in config.json is multi_label_classification");
  }

  @Test
  void aFolderStandsForTheWeightsInIt() throws IOException {
    config(
        "{\"problem_type\": \"multi_label_classification\","
            + " \"id2label\": {\"0\": \"ant\", \"1\": \"bee\"}}");
    read(TinyCheckpoint.answering(1, 2), "model.safetensors");

    Readout readout = Readout.of(Checkpoints.open(temp));

    assertThat(readout.labels().names()).containsExactly("ant", "bee");
    assertThat(readout.outputs()).isEqualTo(Outputs.SIGMOID);
  }

  @Test
  void whatTheFileItselfSaysIsStronger() throws IOException {
    config("{\"problem_type\": \"regression\", \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}");

    Readout readout =
        read(
            TinyCheckpoint.answering(1, 2).named("x", "y").meaning("sigmoid"), "model.safetensors");

    assertThat(readout.labels().names()).containsExactly("x", "y");
    assertThat(readout.outputs()).isEqualTo(Outputs.SIGMOID);
  }

  @Test
  void aConfigurationThatDoesNotBelongOrFitIsNotUsed() throws IOException {
    config("{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}}");
    assertThat(read(TinyCheckpoint.answering(1, 2), "mine.safetensors").labels().names()).isEmpty();
    assertThat(read(TinyCheckpoint.answering(1, 2, 3), "model.safetensors").labels().names())
        .isEmpty();

    config("{\"id2label\": {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\"}}");
    assertThat(read(TinyCheckpoint.answering(1, 2), "model.safetensors").labels().names())
        .isEmpty();

    config("{\"id2label\": ");
    assertThat(read(TinyCheckpoint.answering(1, 2), "model.safetensors").labels().names())
        .isEmpty();
  }

  /** {@code src/test/python/outputs.py} made the file. */
  @Test
  void theLastLayerOfAModuleSaysIt() throws URISyntaxException {
    Path file =
        Path.of(
            Objects.requireNonNull(getClass().getResource("/outputs/ends-in-sigmoid.pth")).toURI());

    Readout readout = Readout.of(Checkpoints.open(file));

    assertThat(readout.outputs()).isEqualTo(Outputs.SIGMOID);
    assertThat(readout.outputsDecision().reason())
        .isEqualTo("the module ends with fc.1, a sigmoid");
  }

  @Test
  void aThousandClassesOfASmallNetworkAreNotTakenForImageNets() throws IOException {
    assertThat(read(TinyCheckpoint.answering(new float[1000]), "net.safetensors").labels().names())
        .isEmpty();
  }
}
