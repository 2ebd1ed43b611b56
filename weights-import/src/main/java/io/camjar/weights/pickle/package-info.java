/**
 * A closed pickle machine: data in, inert Python values out; nothing is executed or resolved by
 * name.
 */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.pickle;
