package io.camjar.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes new files of old ones: flips, overwrites, inserts, removes, repeats and splices.
 *
 * <p>Half of the archives are packed again with the right checksums after a member was changed, so
 * that the pickles inside are reached.
 */
public final class Mutator {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    2,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fffffff,
    0x80000000L,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    1L << 40
  };
  private static final byte[] OPCODES =
      "(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uGBC".getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> corpus;
  private final Map<Integer, Map<String, byte[]>> archives = new HashMap<>();
  private final SplittableRandom random;

  public Mutator(List<byte[]> corpus, SplittableRandom random) throws IOException {
    this.corpus = corpus;
    this.random = random;
    for (int i = 0; i < corpus.size(); i++) {
      if (corpus.get(i)[0] == 'P' && corpus.get(i)[1] == 'K') {
        archives.put(i, unpacked(corpus.get(i)));
      }
    }
  }

  public byte[] next() throws IOException {
    int index = random.nextInt(corpus.size());
    Map<String, byte[]> members = archives.get(index);
    return members != null && random.nextBoolean() ? repacked(members) : mutated(corpus.get(index));
  }

  private byte[] repacked(Map<String, byte[]> members) throws IOException {
    List<String> names = new ArrayList<>(members.keySet());
    List<byte[]> contents = new ArrayList<>(members.values());
    int victim = random.nextInt(names.size());
    contents.set(victim, mutated(contents.get(victim)));
    return packed(names, contents);
  }

  private static Map<String, byte[]> unpacked(byte[] zip) throws IOException {
    Path file = Files.createTempFile("camjar", ".zip");
    try {
      Files.write(file, zip);
      Map<String, byte[]> members = new LinkedHashMap<>();
      try (ZipFile in = new ZipFile(file.toFile())) {
        for (ZipEntry entry : Collections.list(in.entries())) {
          members.put(entry.getName(), in.getInputStream(entry).readAllBytes());
        }
      }
      return members;
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] packed(List<String> names, List<byte[]> contents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < names.size(); i++) {
        zip.putNextEntry(new ZipEntry(names.get(i)));
        zip.write(contents.get(i));
      }
    }
    return out.toByteArray();
  }

  private byte[] mutated(byte[] original) {
    byte[] bytes = original;
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      bytes = once(bytes.clone());
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(16), bytes.length - at);
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] = OPCODES[random.nextInt(OPCODES.length)];
      case 3 -> {
        long value = INTERESTING[random.nextInt(INTERESTING.length)];
        for (int i = 0; i < Math.min(length, 8); i++) {
          bytes[at + i] = (byte) (value >> 8 * i);
        }
      }
      case 4 -> {
        return joined(
            Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
      }
      case 5 -> {
        byte[] again = Arrays.copyOf(bytes, at + length);
        return joined(again, Arrays.copyOfRange(bytes, at, bytes.length));
      }
      case 6 -> {
        byte[] other = corpus.get(random.nextInt(corpus.size()));
        int from = random.nextInt(other.length);
        byte[] part = Arrays.copyOfRange(other, from, Math.min(other.length, from + 64));
        return joined(
            joined(Arrays.copyOf(bytes, at), part), Arrays.copyOfRange(bytes, at, bytes.length));
      }
      default -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
    }
    return bytes;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
