package io.camjar.benchmarks.compare;

/**
 * One engine at one task.
 *
 * @param name the engine with its version
 * @param settings how it was set up
 * @param milliseconds a run
 * @param peakMebibytes largest resident memory of its process; NaN if unknown
 * @param error how far its answer is from camjar's; 0 for camjar
 * @param report what else it said
 */
record Measurement(
    String name,
    String settings,
    Spread milliseconds,
    double peakMebibytes,
    double error,
    String report) {}
