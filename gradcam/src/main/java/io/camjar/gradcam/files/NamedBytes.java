package io.camjar.gradcam.files;

/**
 * A file that need not lie on a disk.
 *
 * @param name without a folder
 * @param mediaType {@code image/png}, ...
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content; never compared
public record NamedBytes(String name, String mediaType, byte[] bytes) {}
