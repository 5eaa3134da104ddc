import { reportMistake, reportUnknown } from "./mistakes.js";
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

/**
 * The ID of the last exposure that this page has sent, by route and flag. Kept outside of readers, because rendering again
 * creates new ones.
 */
const sent = /* @__PURE__ */ new Map<string, unknown>();

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
  const {
    ids = [],
    logs = [],
    token,
    url = "",
    values = {},
  }: Partial<Snapshot> = snapshot?.v === SNAPSHOT_VERSION ? snapshot : {};
  reportMistake(() => {
    // JavaScript may pass anything.
    if (typeof snapshot === "string") return "snapshot is a string: pass the result of JSON.parse";
    if ("then" in (snapshot as object)) {
      return "snapshot is a promise: await it on the server, or pass it to use()";
    }
    const v: unknown = snapshot?.v;
    if (v && v !== SNAPSHOT_VERSION) {
      return `snapshot has version ${v} instead of ${SNAPSHOT_VERSION}, so defaults are shown: use one version of @sortition/web on the server and in the browser`;
    }
    return /^[^/]/.test(url) && `url "${url}" depends on the page's address: start it with /`;
  });
  const placeOf = (i: number): string => `${url} ${logs[i]}`;
  let due: number[] = [];
  const flush = async (): Promise<void> => {
    await null; // not queueMicrotask, which fake timers hold back
    const flags = due;
    due = [];
    const forget = (): void => {
      for (const i of flags) sent.delete(placeOf(i));
    };
    whenSeen(() => send(url, JSON.stringify({ t: token, f: flags }), forget));
  };
  return {
    get(flagKey, defaultValue) {
      const isKnown = Object.hasOwn(values, flagKey);
      const value = isKnown ? values[flagKey] : defaultValue;
      reportUnknown(flagKey, values, url);
      reportMistake(
        () =>
          typeof value !== typeof defaultValue &&
          `"${flagKey}" has type ${typeof value}, not ${typeof defaultValue}: default shown; pass one of type ${typeof value}`,
      );
      return (typeof value === typeof defaultValue ? value : defaultValue) as Widened<
        typeof defaultValue
      >;
    },
    exposed(flagKey, ...shown) {
      const i = logs.indexOf(flagKey);
      reportUnknown(flagKey, values, url);
      const id = ids[i];
      if (!id || sent.get(placeOf(i)) === id || (shown.length && shown[0] !== values[flagKey]))
        return;
      sent.set(placeOf(i), id);
      if (due.push(i) === 1) void flush();
    },
  };
}
