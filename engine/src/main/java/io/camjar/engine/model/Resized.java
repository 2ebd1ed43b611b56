package io.camjar.engine.model;

import java.util.function.UnaryOperator;

/**
 * A network for images of another size than it was trained on, where one of its parameters belongs
 * to a size.
 *
 * @param architecture the network for the other size
 * @param parameter the full name of that parameter
 * @param values from what the parameter holds to what it is to hold, both row by row, as C orders
 *     them
 * @param note what is done, a clause
 */
public record Resized(
    Architecture architecture, String parameter, UnaryOperator<float[]> values, String note) {}
