import type { Namespace } from "../keys/keys.js";

/** The consumer group of an outbox. */
export const GROUP = "deliver";
/**
 * The consumer that owns entries which the logger refused while it accepted others. No process has
 * this name.
 */
export const REFUSED = "refused";

/** Keys of one outbox, all in one slot. */
export interface OutboxKeys {
  readonly stream: string;
  readonly dead: string;
  /** Hash of the totals `appended`, `delivered` and `dead` since the stream began. */
  readonly counts: string;
  /** Hash of the namespace. Its fields are the names of all outboxes that ever stored exposures. */
  readonly registry: string;
  /** Key of the last call of an appending process. */
  call(caller: string): string;
}

/**
 * Returns the keys of an outbox.
 *
 * @param name - the option `name` of the outbox.
 */
export function outboxKeys(namespace: Namespace, name = "outbox"): OutboxKeys {
  const stream = namespace.key(name === "outbox" ? name : `outbox:${name}`);
  return {
    stream,
    dead: `${stream}:dead`,
    counts: `${stream}:counts`,
    registry: namespace.key("outboxes"),
    call: (caller) => `${stream}:call:${caller}`,
  };
}
