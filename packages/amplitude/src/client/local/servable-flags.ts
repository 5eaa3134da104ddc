import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { bytesOf, textOf } from "@sortition/core/internal";
import { referencesOf } from "../../dialect/cohorts/cohorts.js";

/**
 * The flags that can be evaluated while cohorts are under way: those that refer to none of them, and depend on no
 * flag that does. In the place of any other is its former version, if that can be evaluated.
 *
 * @param received - flags as JSON, a list.
 * @param former - the flags that are evaluated at present.
 * @param pending - ids of the cohorts that are under way.
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

/** Keys of the flags that refer to a cohort that is under way, and of those that depend on one of them. */
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
  // Grows while it is gone through.
  for (const key of waiting)
    for (const dependent of dependents.get(key) ?? []) waiting.add(dependent);
  return waiting;
}
