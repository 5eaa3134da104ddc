import { expectObject, isJsonObject } from "@sortition/core/dialect";
import type { StreamEvent } from "@sortition/node/internal";
import type { ItemKind, VersionedStore } from "./versioned-store.js";

/** What an event does: replace everything, change an item, or nothing. */
export type EventEffect = "replaced" | "changed" | "nothing";

const PATHS: readonly (readonly [prefix: string, kind: ItemKind])[] = [
  ["/flags/", "flags"],
  ["/segments/", "segments"],
];

/**
 * Applies an event of the protocol that the vendor calls FDv1: `put`, `patch` or `delete`.
 *
 * @throws an error if it is malformed.
 */
export function applyEvent({ data, type }: StreamEvent, store: VersionedStore): EventEffect {
  if (type !== "put" && type !== "patch" && type !== "delete") return "nothing";
  const event = expectObject(JSON.parse(data), "$");
  if (type === "put") {
    store.reset(expectObject(event["data"], "$.data"));
    return "replaced";
  }
  const { path } = event;
  const place = PATHS.find(([prefix]) => typeof path === "string" && path.startsWith(prefix));
  if (place === undefined) return "nothing";
  const [prefix, kind] = place;
  const key = (path as string).slice(prefix.length); // found by its prefix
  const isApplied =
    type === "patch"
      ? isJsonObject(event["data"]) && store.put(kind, key, event["data"])
      : store.delete(kind, key, event["version"]);
  return isApplied ? "changed" : "nothing";
}
