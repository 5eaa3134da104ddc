import { isThenable, nearestName, OncePerCause } from "@sortition/core/internal";
import type { ClientLog } from "./logging.js";

/** Names that other SDKs use for the ids of a user. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  id: "user_id",
  userId: "user_id",
  userID: "user_id",
  deviceId: "device_id",
  deviceID: "device_id",
};

/**
 * Reports callers' mistakes in a sentence, once for each flag key and cause, up to a limit. It is
 * only called on a miss. The sentences contain no data of a user except the names of members.
 */
export class Mistakes {
  readonly #log: Pick<ClientLog, "mistake">;
  readonly #reported = new OncePerCause({
    nameOf: (key) => (typeof key === "string" ? key : typeof key),
  });

  constructor(log: Pick<ClientLog, "mistake">) {
    this.#log = log;
  }

  /**
   * Reports a user whose `user_id` is not a string. It is not a mistake if the user has another id
   * or only groups.
   */
  user(user: unknown): void {
    try {
      const text = userText(user);
      if (text !== null) this.#once("user", text, () => text);
    } catch {
      // A member of the caller's object threw. The evaluation did not need it.
    }
  }

  /** Reports an evaluation before the first flags are loaded. Once per client. */
  tooEarly([key]: readonly unknown[]): void {
    this.#once("too early", "", () => {
      const what = typeof key === "string" ? `flag "${key}" evaluated` : "evaluated";
      return `${what} before start() has fetched flags: no variant returned; await client.start() first`;
    });
  }

  /** Reports that the server has no flags for local evaluation. Once per client. */
  noFlags(): void {
    this.#once("no flags", "", () => {
      const hint = "set their evaluation mode to local, or give the key of the right deployment";
      return `the deployment has no flags for local evaluation: ${hint}`;
    });
  }

  unknownFlag(key: unknown, flagKeys: ReadonlySet<string>): void {
    this.#once("unknown flag", key, (name) => {
      const nearest = nearestName(name, flagKeys, Math.floor(name.length / 3));
      if (nearest !== null) return `no such flag "${name}", did you mean "${nearest}"?`;
      const { size } = flagKeys;
      return `no such flag "${name}": no variant returned; number of flags: ${size}, is the deployment key for the right environment?`;
    });
  }

  /** Reports a requested flag that is missing in the server's response. */
  notAnswered(key: unknown): void {
    this.#once(
      "not answered",
      key,
      (name) =>
        `the server gave no variant of flag "${name}": is the key right, and the flag active in this deployment?`,
    );
  }

  flagKeys(flagKeys: unknown): void {
    const text = `flag keys are of type ${typeof flagKeys}: pass an array such as ["checkout"]`;
    this.#once("flag keys", "", () => text);
  }

  /** @param describe - called only if the mistake is reported. */
  #once(cause: string, key: unknown, describe: (name: string) => string): void {
    const name = this.#reported.first(cause, key);
    if (name !== null) this.#log.mistake(`[Experiment] ${describe(name.slice(0, 80))}`);
  }
}

/** Returns what is wrong with a user, or `null`. */
function userText(user: unknown): string | null {
  if (isThenable(user)) return "user is a promise: await it, and pass the object";
  if (typeof user !== "object" || user === null) {
    const what = user === null ? "null" : typeof user;
    return `user is ${what}: pass an object such as { user_id: user.id }`;
  }
  let hasId = false;
  for (const name of ["user_id", "device_id"]) {
    const id = (user as Readonly<Record<string, unknown>>)[name];
    if (isThenable(id)) return `${name} is a promise: await it, and pass the string`;
    if (typeof id === "object" && id !== null) return `${name} is an object: pass a string`;
    hasId ||= id !== undefined && id !== null && id !== "";
  }
  if (hasId || Object.keys((user as { groups?: object | null }).groups ?? {}).length > 0) {
    return null;
  }
  const text = "user has neither user_id nor device_id, so it is in no bucket";
  const other = Object.keys(user).find((name) => Object.hasOwn(OTHER_NAMES, name));
  if (other === undefined) return `${text}: pass an object such as { user_id: user.id }`;
  return `${text}: write ${OTHER_NAMES[other]} instead of ${other}`;
}
