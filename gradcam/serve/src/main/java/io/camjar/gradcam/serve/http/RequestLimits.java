package io.camjar.gradcam.serve.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What requests are held to.
 *
 * @param maxBody bytes of a body
 * @param deadline from the arrival of the body to the answer
 * @param bodyTime what the arrival of a body may take
 * @param readers bodies that may arrive at the same time
 * @param mostFiles bytes of the files of one answer
 * @param token what clients must send; null for none
 */
public record RequestLimits(
    long maxBody,
    Duration deadline,
    Duration bodyTime,
    int readers,
    long mostFiles,
    @Nullable String token) {}
