package io.camjar.weights.zip;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Checksums;
import io.camjar.weights.bytes.Malformed;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A zip archive over a region of bytes.
 *
 * <p>The central directory is the authority, so members stored with data descriptors are read like
 * any other. {@code java.util.zip.ZipFile} would do for small files; this reader hands out stored
 * members as slices of the mapped file, without a copy, and refuses what a checkpoint never has:
 * two members of one name, overlapping members, encryption, names that climb out of the archive.
 */
public final class ZipArchive {
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int ENCRYPTED = 1;
  private static final int HAS_DESCRIPTOR = 8;
  private static final int MAX_MEMBERS = 200_000;

  private final ByteRegion file;
  private final Map<String, ZipMember> members;
  private final Inflation inflation;

  private ZipArchive(ByteRegion file, Map<String, ZipMember> members) {
    this.file = file;
    this.members = Collections.unmodifiableMap(members);
    this.inflation = new Inflation(file.size());
  }

  /** Whether the region begins as zip archives do. */
  public static boolean looksLike(ByteRegion file) {
    return file.size() >= 4 && file.i32(0) == LOCAL;
  }

  /**
   * Reads the directory and checks every member's place; no member's bytes are read yet.
   *
   * @throws Malformed if the archive is damaged, cut short, or not one that can be trusted
   */
  public static ZipArchive open(ByteRegion file) {
    ZipDirectory directory = ZipDirectory.find(file);
    if (directory.entries() > MAX_MEMBERS
        || directory.entries() * CENTRAL_SIZE > directory.size()) {
      throw Malformed.damaged("the archive's directory claims " + directory.entries() + " members");
    }
    Map<String, ZipMember> members = new LinkedHashMap<>();
    ByteRegion central = file.slice(directory.offset(), directory.size());
    long at = 0;
    for (long i = 0; i < directory.entries(); i++) {
      if (!central.holds(at, CENTRAL_SIZE) || central.i32(at) != CENTRAL) {
        throw Malformed.damaged("the archive's directory ends after " + i + " members");
      }
      ZipMember member = readMember(file, central, at, directory.offset());
      if (members.put(member.name(), member) != null) {
        throw Malformed.damaged("the archive has two members named '" + member.name() + "'");
      }
      at += CENTRAL_SIZE + central.u16(at + 28) + central.u16(at + 30) + central.u16(at + 32);
    }
    if (at != central.size()) {
      throw Malformed.damaged("the archive's directory has bytes after its last member");
    }
    refuseOverlaps(members.values());
    return new ZipArchive(file, members);
  }

  /** All members, in the directory's order. */
  public Collection<ZipMember> members() {
    return members.values();
  }

  /** The member of that name. */
  public Optional<ZipMember> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /**
   * A member's bytes: a slice of the file where it is stored, an array where it is compressed.
   *
   * @throws Malformed if its bytes do not have the recorded CRC-32; a recorded 0 is not checked,
   *     because some writers leave it out
   */
  public ByteRegion read(ZipMember member) {
    ByteRegion raw = file.slice(member.dataOffset(), member.compressedSize());
    ByteRegion bytes = member.deflated() ? inflation.inflate(member, raw) : raw;
    if (member.crc() != 0 && Checksums.crc32(bytes) != member.crc()) {
      throw Malformed.damaged("the checksum of '" + member.name() + "' in it does not match");
    }
    return bytes;
  }

  private static ZipMember readMember(
      ByteRegion file, ByteRegion central, long at, long directoryOffset) {
    int flags = central.u16(at + 8);
    int method = central.u16(at + 10);
    int nameLength = central.u16(at + 28);
    String name = central.utf8(at + CENTRAL_SIZE, nameLength);
    MemberNames.check(name);
    if ((flags & ENCRYPTED) != 0) {
      throw new Malformed("is an encrypted archive", "decrypt it first");
    }
    if (method != 0 && method != 8) {
      throw new Malformed(
          "has a member '" + name + "' compressed by method " + method,
          "pack it again with deflate or without compression");
    }
    Zip64Extra sizes = Zip64Extra.read(central, at, CENTRAL_SIZE + nameLength);
    long local = sizes.localOffset();
    boolean localFits = local >= 0 && local <= directoryOffset - LOCAL_SIZE;
    if (!localFits
        || file.i32(local) != LOCAL
        || file.u16(local + 8) != method
        || file.u16(local + 26) != nameLength
        || !file.holds(local + LOCAL_SIZE, nameLength)
        || !file.utf8(local + LOCAL_SIZE, nameLength).equals(name)) {
      throw Malformed.damaged("member '" + name + "' is not where the archive's directory says");
    }
    boolean described = (file.u16(local + 6) & HAS_DESCRIPTOR) != 0;
    if (!described && file.u32(local + 14) != central.u32(at + 16)) {
      throw Malformed.damaged("the two checksums recorded for '" + name + "' differ");
    }
    long data = local + LOCAL_SIZE + nameLength + file.u16(local + 28);
    ZipMember member =
        new ZipMember(
            name, method == 8, central.u32(at + 16), data, sizes.compressedSize(), sizes.size());
    if (member.compressedSize() < 0
        || member.size() < 0
        || data > directoryOffset
        || member.compressedSize() > directoryOffset - data
        || (method == 0 && member.compressedSize() != member.size())) {
      throw Malformed.damaged("the sizes recorded for '" + name + "' do not fit the archive");
    }
    return member;
  }

  private static void refuseOverlaps(Collection<ZipMember> members) {
    long end = 0;
    for (ZipMember member :
        members.stream().sorted(Comparator.comparingLong(ZipMember::dataOffset)).toList()) {
      if (member.dataOffset() < end) {
        throw Malformed.damaged("member '" + member.name() + "' overlaps another");
      }
      end = member.dataOffset() + member.compressedSize();
    }
  }
}
