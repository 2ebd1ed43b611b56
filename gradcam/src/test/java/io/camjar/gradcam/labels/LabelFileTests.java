package io.camjar.gradcam.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of class names as people have them. */
class LabelFileTests {
  @TempDir private Path temp;

  private ClassNames read(String text) throws IOException {
    return LabelFile.read(Files.writeString(temp.resolve("labels"), text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tench\ngolf ball\nox\n\n",
        "\ufefftench\r\ngolf ball\r\nox",
        "0: tench\n1: golf ball\n2: ox",
        "2 ox\n0 tench\n1 golf ball\n",
        "1,tench\n2,golf ball\n3,ox",
        "index,name\n0,tench\n1,golf ball\n2,ox",
        "tench,0\ngolf ball,1\nox,2",
        "[\"tench\", \"golf ball\", \"ox\"]",
        "{\"0\": \"tench\", \"1\": \"golf ball\", \"2\": \"ox\"}",
        "{0: 'tench',\n 1: 'golf ball',\n 2: 'ox',}",
        "{\"tench\": 0, \"ox\": 2, \"golf ball\": 1}",
        "{\"architectures\": [\"R\"], \"id2label\": {\"2\": \"ox\", \"0\": \"tench\", \"1\": \"golf ball\"}}",
        "{\"label2id\": {\"tench\": 0, \"golf ball\": 1, \"ox\": 2}}",
        "{\"class_to_idx\": {\"tench\": 0, \"golf ball\": 1, \"ox\": 2}}",
        "{\"pretrained_cfg\": {\"label_names\": [\"tench\", \"golf ball\", \"ox\"]}}",
        "[{\"id\": 1, \"name\": \"golf ball\"}, {\"id\": 0, \"name\": \"tench\"}, {\"id\": 2, \"name\": \"ox\"}]",
        "{\"categories\": [{\"id\": 7, \"name\": \"tench\"}, {\"id\": 9, \"name\": \"golf ball\"}, {\"id\": 12, \"name\": \"ox\"}]}",
      })
  void namesInIndexOrder(String text) throws IOException {
    assertThat(read(text).names()).containsExactly("tench", "golf ball", "ox");
    assertThat(read(text).ids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}",
        "n01440764 tench\nn01443537 goldfish\n",
        "n01440764\ttench\nn01443537\tgoldfish\n",
      })
  void idsOfADataSetAreKept(String text) throws IOException {
    assertThat(read(text).names()).containsExactly("tench", "goldfish");
    assertThat(read(text).ids()).containsExactly("n01440764", "n01443537");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7 up\n3 musketeers", "10\n2\n1", "class 0\nclass 1", "0: a\n0: b"})
  void numbersThatAreNoIndicesBelongToTheNames(String text) throws IOException {
    assertThat(read(text).names()).containsExactly(text.split("\n", -1));
  }

  @Test
  void apostrophesOfAPythonDictAreRead() throws IOException {
    assertThat(read("{0: \"pot, flowerpot\", 1: 'jack-o\\'-lantern'}").names())
        .containsExactly("pot, flowerpot", "jack-o'-lantern");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "a\n\nb", "{\"a\": 1, \"b\": 3}", "[1, 2]", "{\"0\": ", "{}"})
  void whatHasNotANameForEachClassIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("labels");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> LabelFile.read(temp.resolve("none.txt")))
        .hasMessageContaining("none.txt: there is no such file");
  }

  @Test
  void imageNetHasAThousandClassesInTheOrderOfTheirIds() {
    ClassNames classes = ImageNet.classes();

    assertThat(classes.names()).hasSize(ImageNet.CLASSES).doesNotHaveDuplicates();
    assertThat(classes.ids()).hasSize(ImageNet.CLASSES).isSorted().doesNotHaveDuplicates();
    assertThat(classes.names().get(134)).isEqualTo("crane bird");
    assertThat(classes.names().get(497)).isEqualTo("church");
    assertThat(classes.ids().get(497)).isEqualTo("n03028079");
  }
}
