import { mistakeIn, reportMistake } from "./mistakes.js";
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
   * Logs the exposure of a flag, once until the subject, the allocation or the variation changes. Call it when the visitor
   * sees the variation. Exposures of the same turn of the event loop are sent in one request. Never throws.
   *
   * @param shown - the value that the visitor sees. If it is not the flag's, nothing is logged. Default: the flag's value.
   */
  exposed(flagKey: string, shown?: Value): void;
}

/** IDs of the exposures that this page has sent. Kept outside of readers, because rendering again creates new ones. */
const sent = /* @__PURE__ */ new Set<string>();
/** Maximum number of IDs that are remembered. */
const MAX_IDS = 1_000;

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
  const { ids = [], logs = [], token = null, url = "", values = {} } = known ?? {};
  reportMistake(() => mistakeIn(snapshot));
  let due: number[] = [];
  const flush = (): void => {
    const flags = due;
    post({ token, url }, flags, () => {
      for (const i of flags) sent.delete(ids[i] as string); // `due` has flags of this snapshot
    });
    due = [];
  };
  return {
    get(flagKey, defaultValue) {
      const isKnown = Object.hasOwn(values, flagKey);
      reportMistake(
        () =>
          !isKnown &&
          url && // in a test, other flags return their default
          `the snapshot has no flag "${flagKey}": add it to the call of snapshot`,
      );
      const value = isKnown ? values[flagKey] : defaultValue;
      const isOther = typeof value !== typeof defaultValue;
      return (isOther ? defaultValue : value) as Widened<typeof defaultValue>;
    },
    exposed(flagKey, ...shown) {
      const i = logs.indexOf(flagKey);
      const id = ids[i];
      if (shown.length > 0 && shown[0] !== values[flagKey]) return;
      if (!token || !id || sent.has(id)) return;
      if (sent.size === MAX_IDS) sent.clear();
      sent.add(id);
      if (due.push(i) === 1) void Promise.resolve().then(flush);
    },
  };
}
