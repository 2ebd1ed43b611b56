package io.camjar.weights.zip;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses members within a budget, so that a small archive cannot ask for much memory.
 *
 * <p>Weights compress by a tenth or so; the budget of {@value #FREE} bytes plus {@value #RATIO}
 * times the file leaves room for tensors that are mostly zero and none for a zip bomb.
 */
final class Inflation {
  private static final long FREE = 64L << 20;
  private static final long RATIO = 20;
  private static final int DEFLATE_MAX_RATIO = 1032;

  private final AtomicLong budget;

  Inflation(long fileSize) {
    this.budget = new AtomicLong(FREE + RATIO * fileSize);
  }

  ByteRegion inflate(ZipMember member, ByteRegion compressed) {
    long size = member.size();
    if (size > Integer.MAX_VALUE - 8
        || size / DEFLATE_MAX_RATIO > compressed.size()
        || budget.addAndGet(-size) < 0) {
      throw new Malformed(
          "has a member '" + member.name() + "' that claims to unpack to " + size + " bytes",
          "use the file only if you trust its maker, and store it without compression");
    }
    byte[] out = new byte[(int) size];
    Inflater inflater = new Inflater(true);
    try {
      int done = fill(inflater, compressed, out);
      boolean more = done == size && !inflater.finished() && inflater.inflate(new byte[1]) > 0;
      if (done != size || more) {
        throw Malformed.damaged("'" + member.name() + "' in it unpacks to a different size");
      }
    } catch (DataFormatException e) {
      throw Malformed.damaged("'" + member.name() + "' in it does not unpack");
    } finally {
      inflater.end();
    }
    return ByteRegion.wrap(out);
  }

  private static int fill(Inflater inflater, ByteRegion compressed, byte[] out)
      throws DataFormatException {
    int done = 0;
    long fed = 0;
    while (done < out.length && !inflater.finished()) {
      if (inflater.needsInput()) {
        if (fed == compressed.size()) {
          return done;
        }
        ByteBuffer span = compressed.span(fed);
        fed += span.remaining();
        inflater.setInput(span);
      }
      int n = inflater.inflate(out, done, out.length - done);
      if (n == 0 && inflater.needsDictionary()) {
        return done;
      }
      done += n;
    }
    return done;
  }
}
