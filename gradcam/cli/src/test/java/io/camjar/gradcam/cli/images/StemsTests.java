package io.camjar.gradcam.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StemsTests {
  @Test
  void theFirstImageKeepsItsStemAndTheNextAreNumbered() {
    assertThat(stems(new Stems(), "a/dog.jpg", "b/dog.png", "c/Dog.jpg", "cat.jpg"))
        .containsExactly("dog", "dog-2", "Dog-3", "cat");
  }

  @Test
  void aNumberThatIsAPicturesOwnIsLeftToIt() {
    assertThat(stems(new Stems(), "dog-2.jpg", "dog.jpg", "b/dog.jpg", "b/dog-2.jpg"))
        .containsExactly("dog-2", "dog", "dog-3", "dog-2-2");
  }

  @Test
  void reservedNamesAreNotGiven() {
    assertThat(stems(new Stems().reserve("results"), "results.jpg", "b/results.jpg"))
        .containsExactly("results-2", "results-3");
  }

  @Test
  void onlyTheLastEndingGoes() {
    assertThat(stems(new Stems(), "a.b.jpg", ".png", "plain"))
        .containsExactly("a.b", ".png", "plain");
  }

  private static List<String> stems(Stems stems, String... pictures) {
    return Stream.of(pictures).map(Path::of).map(stems::next).toList();
  }
}
