import { post } from "./post.js";
import { SNAPSHOT_VERSION, type Snapshot } from "./snapshot.js";

/** A value of any type of flag. */
export type Value = boolean | number | string | object | null;

/** Widens a literal default value, because a flag may return any value of its type. */
export type Widened<T> = T extends boolean
  ? boolean
  : T extends string
    ? string
    : T extends number
      ? number
      : T;

/** Reads a snapshot in a browser. */
export interface Reader {
  /** Returns the flag's value, or the default if the snapshot does not contain the flag or has a value of another type. */
  get<T extends Value>(flagKey: string, defaultValue: T): Widened<T>;
  /**
   * Logs the exposure of a flag, once for each snapshot. Call it when the visitor sees the variation. Exposures of the same
   * turn of the event loop are sent in one request. Never throws.
   */
  exposed(flagKey: string): void;
}

/** Flags of each token that have not been shown yet. Kept outside of readers, because rendering again creates new ones. */
const unshown = new Map<string, Set<string>>();
/** Maximum number of tokens that are remembered. */
const MAX_TOKENS = 100;

/**
 * Creates a reader. Without a snapshot, or with one of another version, it returns defaults and logs nothing.
 *
 * ```ts
 * const flags = createReader(JSON.parse(document.getElementById("flags")?.textContent ?? "null"));
 * button.textContent = flags.get("checkout", "standard") === "fast" ? "Buy now" : "Add to cart";
 * flags.exposed("checkout");
 * ```
 */
export function createReader(snapshot: Snapshot | null | undefined): Reader {
  const known = snapshot?.v === SNAPSHOT_VERSION ? snapshot : null;
  const values = known?.values ?? {};
  const token = known?.token;
  let due: string[] = [];
  const flush = (): void => {
    post(known as Snapshot, due); // `due` has flags of this snapshot
    due = [];
  };
  return {
    get(flagKey, defaultValue) {
      const value = Object.hasOwn(values, flagKey) ? values[flagKey] : defaultValue;
      const isOther = typeof value !== typeof defaultValue;
      return (isOther ? defaultValue : value) as Widened<typeof defaultValue>;
    },
    exposed(flagKey) {
      if (token && unshownOf(token, known).delete(flagKey) && due.push(flagKey) === 1) {
        void Promise.resolve().then(flush);
      }
    },
  };
}

function unshownOf(token: string, { logs }: Pick<Snapshot, "logs">): Set<string> {
  let flags = unshown.get(token);
  if (flags === undefined) {
    if (unshown.size === MAX_TOKENS) unshown.clear();
    flags = new Set(logs);
    unshown.set(token, flags);
  }
  return flags;
}
