import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { bytesOf, textOf } from "@sortition/core/internal";
import { referencesOf } from "../../dialect/cohorts/cohorts.js";

/**
 * Returns the flags that can be evaluated while cohorts are loading: those that neither refer to
 * one of these cohorts nor depend on a flag that does. Any other flag is replaced by its previous
 * version, if that can be evaluated.
 *
 * @param received - flags as JSON, a list.
 * @param former - the flags that are currently evaluated.
 * @param pending - ids of the cohorts that are loading.
 */
export function servableFlags(
  received: Uint8Array,
  former: readonly JsonObject[],
  pending: ReadonlySet<string>,
): Uint8Array {
  const list: unknown = JSON.parse(textOf(received));
  const flags = Array.isArray(list) ? list.filter(isJsonObject) : [];
  const waiting = waitingKeys(flags, pending);
  const stillWaiting = waitingKeys(former, pending);
  const servable = flags.flatMap((flag) => {
    const { key } = flag;
    if (!waiting.has(key)) return [flag];
    return stillWaiting.has(key) ? [] : former.filter((it) => it["key"] === key);
  });
  return bytesOf(JSON.stringify(servable));
}

/**
 * Returns the keys of the flags that refer to a loading cohort, and of the flags that depend on
 * them.
 */
function waitingKeys(
  flags: readonly JsonObject[],
  pending: ReadonlySet<string>,
): ReadonlySet<unknown> {
  const dependents = new Map<unknown, unknown[]>();
  const waiting = new Set<unknown>();
  for (const flag of flags) {
    const { dependencies, key } = flag;
    for (const name of Array.isArray(dependencies) ? dependencies : []) {
      dependents.set(name, [...(dependents.get(name) ?? []), key]);
    }
    const ids = [...referencesOf(flag).values()].flatMap((them) => [...them]);
    if (ids.some((id) => pending.has(id))) waiting.add(key);
  }
  // The set grows during the iteration.
  for (const key of waiting)
    for (const dependent of dependents.get(key) ?? []) waiting.add(dependent);
  return waiting;
}
