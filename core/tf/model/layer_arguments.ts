/**
 * What a model's `apply` hands to each of its layers.
 *
 * @module
 */

/** The arguments besides the inputs, under tf.js' names. */
export interface LayerArguments {
  /** Whether layers such as dropout behave as in training. */
  readonly training: boolean;
  /** The states a recurrent layer begins with. */
  initialState?: unknown;
  /** The constants of a recurrent layer. */
  constants?: unknown;
}

/**
 * Arguments for one `apply`. tf.js hands the same object to every layer; a
 * recurrent layer with an initial state writes it there and reads it back once.
 * Left there, the next recurrent layer would take it for its own, so reading
 * takes it out.
 *
 * @param training Whether layers such as dropout behave as in training.
 */
export function layerArguments(training: boolean): LayerArguments {
  const written = new Map<string, unknown>();
  function take(name: string): unknown {
    const value = written.get(name);
    written.delete(name);
    return value;
  }
  return {
    training,
    get initialState() {
      return take("initialState");
    },
    set initialState(value) {
      written.set("initialState", value);
    },
    get constants() {
      return take("constants");
    },
    set constants(value) {
      written.set("constants", value);
    },
  };
}
