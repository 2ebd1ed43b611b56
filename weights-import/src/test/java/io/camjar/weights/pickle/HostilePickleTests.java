package io.camjar.weights.pickle;

import static io.camjar.weights.Hostile.assertOpens;
import static io.camjar.weights.Hostile.assertRefused;
import static io.camjar.weights.Hostile.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.Hostile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pickles that attack the machine. Each begins with PROTO 2 so that it is taken for a pickle. */
class HostilePickleTests {
  private static final String PROTO = "\u0080\u0002";

  /** Fails the test if anything ever initialises it. */
  static final class Trap {
    static {
      System.setProperty("camjar.trap", "sprung");
    }

    private Trap() {}
  }

  @Test
  void osSystemIsNotCalled() {
    Path witness = Path.of("camjar-was-here");
    assertRefused(
        bytes(PROTO, "cposix\nsystem\n", "X\u0015\0\0\0touch camjar-was-here", 0x85, "R."),
        "an object of posix.system");
    assertThat(witness).doesNotExist();
  }

  @Test
  void builtinsEvalIsNotCalled() {
    assertRefused(
        bytes(PROTO, "cbuiltins\neval\n", "X\u0005\0\0\0" + "1+1  ", 0x85, "R."),
        "an object of builtins.eval");
  }

  @Test
  void aCallBesideTheWeightsIsNamedAndLeftAlone() {
    byte[] state = Hostile.corpus("protocol2.pkl");
    byte[] inner = Arrays.copyOfRange(state, 2, state.length - 1);
    Checkpoint checkpoint =
        assertOpens(
            bytes(
                PROTO,
                "}(X\u0005\0\0\0modelX",
                new byte[] {0, 0, 0, 0},
                "0",
                inner,
                "X\u0003\0\0\0optcos\nsystem\nX\u0002\0\0\0ls",
                0x85,
                "Ru."));
    assertThat(checkpoint.tensors().names()).containsExactly("w", "b", "n");
    assertThat(checkpoint.inert()).contains("os.system");
  }

  @Test
  void reduceOfSomethingComputedStaysInert() {
    // getattr(import_module("os"), "system")("ls"), each step a stub of the one before.
    assertRefused(
        bytes(
            PROTO,
            "cbuiltins\ngetattr\ncimportlib\nimport_module\nX\u0002\0\0\0os",
            0x85,
            "R",
            "X\u0006\0\0\0system",
            0x86,
            "RX\u0002\0\0\0ls",
            0x85,
            "R."),
        "an object of <builtins.getattr>");
  }

  @Test
  void javaClassesAreNotLoadedByAnyOfTheThreeWaysToNameOne() {
    String module = "io.camjar.weights.pickle.HostilePickleTests";
    assertRefused(bytes(PROTO, "c", module, "\nTrap\n)R."), "no named tensors");
    assertRefused(bytes(PROTO, "(i", module, "$Trap\nnew\n."), "no named tensors");
    assertRefused(
        bytes(PROTO, 0x8c, module.length(), module, 0x8c, 4, "Trap", 0x93, ")", 0x81, "."),
        "no named tensors");
    assertThat(System.getProperty("camjar.trap")).isNull();
  }

  @Test
  void stackGlobalOfNumbersIsRefused() {
    assertRefused(bytes(PROTO, "K\u0001K\u0002", 0x93, "."), "names a class by something");
  }

  @Test
  void theExtensionRegistryIsRefused() {
    assertRefused(bytes(PROTO, 0x82, 1, "."), "extension registry");
    assertRefused(bytes(PROTO, 0x83, 1, 0, "."), "extension registry");
    assertRefused(bytes(PROTO, 0x84, 1, 0, 0, 0, "."), "extension registry");
  }

  @Test
  void buffersOutsideTheFileAreRefused() {
    assertRefused(bytes(PROTO, 0x97, "."), "buffers outside");
  }

  @Test
  void aListInsideItselfIsWalkedOnce() {
    // l = []; l.append(l)
    assertRefused(bytes(PROTO, "]q\0h\0a."), "no named tensors");
  }

  @Test
  void aModuleInsideItselfIsRefused() {
    // m = Module(); m._modules = {"m": m}; m._parameters = {}
    assertRefused(
        bytes(
            PROTO,
            "cnn\nM\n)",
            0x81,
            "q\0}(X\u0008\0\0\0_modules}X\u0001\0\0\0mh\0sX\u000b\0\0\0",
            "_parameters}ub."),
        "nested without end");
  }

  @Test
  void aStringOfTwoGigabytesIsRefusedBeforeMemoryIsTaken() {
    assertRefused(bytes(PROTO, "X\u00ff\u00ff\u00ff\u007f", "abc."), "2147483647 bytes");
    assertRefused(
        bytes(PROTO, 0x8d, "\u0000\u0000\u0000\u0080\u0000\u0000\u0000\u0000", "."),
        "2147483648 bytes");
    assertRefused(
        bytes(PROTO, 0x8d, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "."),
        "18446744073709551615 bytes");
  }

  @Test
  void anIntegerOfTwoGigabytesIsRefused() {
    assertRefused(bytes(PROTO, 0x8b, "\u00ff\u00ff\u00ff\u007f", "."), "an integer of");
    assertRefused(bytes(PROTO, 0x8b, "\u00ff\u00ff\u00ff\u00ff", "."), "announces -1 bytes");
  }

  @Test
  void aMemoIndexOfFourBillionIsRefused() {
    assertRefused(bytes(PROTO, "Nr\u00ff\u00ff\u00ff\u00ff."), "a memo of 4294967295 entries");
  }

  @Test
  void aValueNeverMadeIsNotRecalled() {
    assertRefused(bytes(PROTO, "h\u0007."), "recalls a value that it never made");
    assertRefused(bytes(PROTO, "Nq\u0009h\u0007."), "recalls a value that it never made");
  }

  @Test
  void aMillionNestedTuplesAreReadAndRefused() {
    byte[] nested = new byte[1_000_000];
    Arrays.fill(nested, (byte) 0x85);
    assertRefused(bytes(PROTO, "N", nested, "."), "no named tensors");
  }

  @Test
  void tenMillionMarksAreTooMany() {
    byte[] marks = new byte[10_000_000];
    Arrays.fill(marks, (byte) '(');
    assertRefused(bytes(PROTO, marks, "."), "more than 1000000 marks");
  }

  @Test
  void tenMillionObjectsAreTooMany() {
    byte[] lists = new byte[20_000_000];
    for (int i = 0; i < lists.length; i += 2) {
      lists[i] = ']';
      lists[i + 1] = '0';
    }
    assertRefused(bytes(PROTO, lists, "N."), "more than 2000000 objects");
  }

  @Test
  void copiesOfALargeListCountAsObjects() {
    // One list of 100,000, then OrderedDict(list) and set(list) of it again and again.
    byte[] items = new byte[100_000];
    Arrays.fill(items, (byte) 'N');
    byte[] copies = new byte[1000 * 6];
    for (int i = 0; i < copies.length; i += 6) {
      System.arraycopy(bytes("h\u0001h\0", 0x85, "R"), 0, copies, i, 6);
    }
    assertRefused(
        bytes(PROTO, "](", items, "eq\0cbuiltins\nset\nq\u0001", copies, "."),
        "more than 2000000 objects");
  }

  @Test
  void aBillionLaughsAreWalkedOncePerTuple() {
    // t = (t, t) forty times: 2^40 paths, 40 tuples.
    byte[] doubling = new byte[80];
    for (int i = 0; i < doubling.length; i += 2) {
      doubling[i] = '2';
      doubling[i + 1] = (byte) 0x86;
    }
    assertRefused(bytes(PROTO, "]", doubling, "."), "no named tensors");
  }

  @Test
  void anEmptyStackIsRefused() {
    assertRefused(bytes(PROTO, "."), "empty stack");
    assertRefused(bytes(PROTO, "R."), "empty stack");
    assertRefused(bytes(PROTO, "N(0" + "0" + "0."), "empty stack");
    assertRefused(bytes(PROTO, "Nt."), "a mark that it never set");
  }

  @Test
  void aFuturePickleIsNamed() {
    assertRefused(bytes(0x80, 9, "N."), "protocol 9, newer than 5");
  }

  @Test
  void anUnknownInstructionIsNamed() {
    assertRefused(bytes(PROTO, 0xff, "."), "unknown instruction 0xff");
  }

  @Test
  void bytesBehindThePickleAreRefused() {
    assertRefused(bytes(PROTO, "N.more"), "bytes follow");
  }

  @Test
  void quantisedTensorsAreRefusedByName() {
    assertRefused(
        bytes(PROTO, "}X\u0009\0\0\0fc.weightctorch._utils\n_rebuild_qtensor\n)Rs."),
        "the quantised tensor 'fc.weight'");
  }

  @Test
  void namesThatSteerATerminalAreShownHarmless() {
    assertRefused(bytes(PROTO, "cevil\u001b[31m\nx\n)R."), "an object of evil?[31m.x");
    assertRefused(bytes(PROTO, "c", "a".repeat(60_000), "\nx\n)R."), "aaa...");
  }

  /** 50,000 dicts that each offer the same 50,000 names, the last of which is none. */
  @Test
  void aLongListOfferedAsClassesAgainAndAgainIsReadAFewTimes() {
    byte[] state = Hostile.corpus("protocol2.pkl");
    byte[] inner = Arrays.copyOfRange(state, 2, state.length - 1);
    byte[] memo = bytes(0x80, 0x38, 1, 0);
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(bytes(PROTO, "}(X", 5, 0, 0, 0, "model", inner, "X", 1, 0, 0, 0, "a]("));
    pickle.writeBytes("K\u0001".repeat(50_000).getBytes(StandardCharsets.ISO_8859_1));
    pickle.writeBytes(bytes("Ner", memo, "X", 1, 0, 0, 0, "b]("));
    for (int i = 0; i < 50_000; i++) {
      pickle.writeBytes(bytes("}X", 7, 0, 0, 0, "classesj", memo, "s"));
    }
    pickle.writeBytes(bytes("eu."));
    assertThat(assertOpens(pickle.toByteArray()).classes()).isEmpty();
  }
}
