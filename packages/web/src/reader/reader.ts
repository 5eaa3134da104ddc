import { reportMisspelled, reportMistake } from "./mistakes.js";
import { send, whenSeen } from "./post.js";
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
  const known: Partial<Snapshot> = snapshot?.v === SNAPSHOT_VERSION ? snapshot : {};
  const { ids = [], logs = [], token, url = "", values = {} } = known;
  reportMistake(() => {
    // JavaScript may pass anything.
    if (typeof snapshot === "string") return "snapshot is a string: pass the result of JSON.parse";
    if ("then" in (snapshot as object)) {
      return "snapshot is a promise: await it on the server, or pass it to use()";
    }
    return /^[^/]/.test(url) && `url "${url}" depends on the page's address: start it with /`;
  });
  const unknownText = (flagKey: string): string =>
    `the snapshot has no flag "${flagKey}", only ${Object.keys(values).join(", ")}: add it to the call of snapshot`;
  let due: number[] = [];
  const flush = (): void => {
    const flags = due;
    due = [];
    const forget = (): void => {
      for (const i of flags) sent.delete(ids[i] as string); // `due` has flags of this snapshot
    };
    whenSeen(() => send(url, JSON.stringify({ t: token, f: flags }), forget));
  };
  return {
    get(flagKey, defaultValue) {
      const isKnown = Object.hasOwn(values, flagKey);
      const value = isKnown ? values[flagKey] : defaultValue;
      const isOther = typeof value !== typeof defaultValue;
      // In a test, other flags return their default.
      if (!isKnown && url === "") reportMisspelled(flagKey, values);
      reportMistake(() => {
        if (!isKnown) return url && unknownText(flagKey);
        return (
          isOther &&
          `"${flagKey}" has type ${typeof value}, not ${typeof defaultValue}: default shown; pass one of type ${typeof value}`
        );
      });
      return (isOther ? defaultValue : value) as Widened<typeof defaultValue>;
    },
    exposed(flagKey, ...shown) {
      const i = logs.indexOf(flagKey);
      reportMistake(() => !Object.hasOwn(values, flagKey) && url && unknownText(flagKey));
      const id = ids[i];
      if (!id || sent.has(id) || (shown.length > 0 && shown[0] !== values[flagKey])) return;
      sent.add(id);
      if (due.push(i) === 1) void Promise.resolve().then(flush);
    },
  };
}
