package io.camjar.weights.zip;

/**
 * One member of an archive, as its central directory describes it.
 *
 * @param name the path inside the archive, with forward slashes
 * @param deflated whether it is compressed; otherwise it is stored as it is
 * @param crc the CRC-32 of its bytes, 0 where the writer left it out
 * @param dataOffset where its bytes begin in the file
 * @param compressedSize how many bytes it takes in the file
 * @param size how many bytes it has
 */
public record ZipMember(
    String name, boolean deflated, long crc, long dataOffset, long compressedSize, long size) {}
