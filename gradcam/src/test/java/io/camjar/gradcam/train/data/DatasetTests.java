package io.camjar.gradcam.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DatasetTests {
  @TempDir Path folder;

  @Test
  void classesAreFoldersInAlphabeticalOrderWithTheNamesOfLabels() throws IOException {
    file("train/n2/b.jpg");
    file("train/n1/a.jpg");
    file("train/n1/deeper/c.png");
    file("train/n1/.hidden.jpg");
    file("train/n1/notes.txt");
    file("val/n1/d.jpg");
    Files.writeString(folder.resolve("labels.txt"), "n1\tFrench horn\nn3\tother\n");
    Dataset data = Dataset.open(folder);
    assertThat(data.folders()).containsExactly("n1", "n2");
    assertThat(data.names()).containsExactly("French horn", "n2");
    assertThat(data.train().stream().map(Sample::name))
        .containsExactly("train/n1/a.jpg", "train/n1/deeper/c.png", "train/n2/b.jpg");
    assertThat(data.train().get(2).classIndex()).isEqualTo(1);
    assertThat(data.unmeasured()).containsExactly("n2");
  }

  @Test
  void aTarHoldsTheSame() throws IOException {
    Path tar = folder.resolve("data.tar");
    try (OutputStream out = Files.newOutputStream(tar);
        TarArchiveOutputStream entries = new TarArchiveOutputStream(out)) {
      for (String name : new String[] {"./train/a/1.jpg", "train/b/2.jpg", "val/b/3.jpg"}) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entries.putArchiveEntry(entry);
        entries.write(bytes);
        entries.closeArchiveEntry();
      }
    }
    Dataset data = Dataset.open(tar);
    assertThat(data.names()).containsExactly("a", "b");
    assertThat(new String(data.train().get(1).source().read(), StandardCharsets.UTF_8))
        .isEqualTo("train/b/2.jpg");
  }

  @Test
  void labelsNameFoldersWithBlanksAndMayBeginWithAMark() throws IOException {
    for (String name : new String[] {"Grüße", "a, b", "my cat", "n1"}) {
      file("train/" + name + "/a.jpg");
      file("val/" + name + "/b.jpg");
    }
    Files.writeString(
        folder.resolve("labels.txt"),
        "\uFEFFa, b\tboth\r\nmy cat \t Tom the  cat\r\nn1  French horn\r\nGrüße\t挨拶\r\n");
    assertThat(Dataset.open(folder).names())
        .containsExactly("挨拶", "both", "Tom the  cat", "French horn");
  }

  /** Java decodes both names to one sign, and two classes would be one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesNamesThatAreNoText() throws IOException, InterruptedException {
    file("train/cat/a.jpg");
    file("val/cat/a.jpg");
    String make = "for n in '\\344' '\\366'; do cp -r train/cat \"train/$(printf $n)\"; done";
    Process process = new ProcessBuilder("sh", "-c", make).directory(folder.toFile()).start();
    assertThat(process.waitFor()).isZero();
    assertRefused("is no text in the system's encoding");
  }

  @Test
  void namesOfATarStayApartInAnotherEncodingToo() throws IOException {
    for (String encoding : new String[] {"UTF-8", "ISO-8859-1"}) {
      Path tar = folder.resolve(encoding + ".tar");
      try (OutputStream out = Files.newOutputStream(tar);
          TarArchiveOutputStream entries = new TarArchiveOutputStream(out, encoding)) {
        entries.setAddPaxHeadersForNonAsciiNames(encoding.equals("UTF-8"));
        for (String name : new String[] {"train/ö/1.jpg", "train/ä/1.jpg", "val/ä/2.jpg"}) {
          entries.putArchiveEntry(new TarArchiveEntry(name));
          entries.closeArchiveEntry();
        }
      }
      assertThat(Dataset.open(tar).names()).containsExactly("ä", "ö");
    }
  }

  @Test
  void aLinkBackToAFolderAroundItLeadsNowhere() throws IOException {
    file("train/cat/a.jpg");
    file("train/dog/b.jpg");
    file("val/dog/c.jpg");
    Files.createSymbolicLink(folder.resolve("train/cat/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("train/dog/kitten"), Path.of("../cat"));
    assertThat(Dataset.open(folder).train().stream().map(Sample::name))
        .containsExactly("train/cat/a.jpg", "train/dog/b.jpg", "train/dog/kitten/a.jpg");
  }

  @Test
  void saysWhatKeepsAFolderFromBeingADataSet() throws IOException {
    assertRefused("has no folder train with one folder of images a class");
    file("train/cat/a.jpg");
    assertRefused("has no folder val with one folder of images a class");
    file("val/cat/b.jpg");
    assertRefused("has one class only, cat; a classifier needs at least two");
    Files.createDirectories(folder.resolve("train/dog"));
    assertRefused("the class folder train/dog of " + folder + " holds no images");
    file("train/dog/c.jpg");
    file("val/bird/d.jpg");
    assertRefused("has val/bird, but no such folder in train");
    assertThatThrownBy(() -> Dataset.open(folder.resolve("nowhere")))
        .hasMessageContaining("there is no folder or tar");
    assertThatThrownBy(() -> Dataset.open(folder.resolve("train/cat/a.jpg")))
        .hasMessageContaining("has no folder train");
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> Dataset.open(folder))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining(sentence);
  }

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "bytes");
  }
}
