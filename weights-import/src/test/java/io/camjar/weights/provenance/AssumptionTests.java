package io.camjar.weights.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.provenance.Assumption.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssumptionTests {
  @Test
  void saysWhoSaidSo() {
    Assumption size = Assumption.byFile(What.SIZE, "224 x 224", "Resize.size");
    assertEquals("preparation.size 224 x 224 (file): Resize.size", size.toString());
    assertEquals(Source.OPTION, Assumption.byOption(What.SIZE, 96, "").source());
    assertEquals(
        "preparation.size 96 (default)", Assumption.byDefault(What.SIZE, 96, "").toString());
  }

  @Test
  void refusesANameWithoutItsArea() {
    assertThrows(IllegalArgumentException.class, () -> Assumption.byFile("size", 1, ""));
    assertThrows(IllegalArgumentException.class, () -> Assumption.byFile("Weights.Key", 1, ""));
  }

  @Test
  void aCheckpointSaysWhoseNamesItsTensorsBear() {
    Checkpoint builtin = Checkpoints.builtin();
    List<Assumption> assumed = builtin.assumptions();
    assertTrue(
        assumed.contains(Assumption.byFile(What.NAMES, builtin.style(), "")), assumed.toString());
    assertTrue(assumed.stream().noneMatch(one -> one.what().equals(What.IGNORED)));
  }
}
