import { isJsonObject, type JsonObject } from "@sortition/core/dialect";

/** Returns the clauses of a flag or a segment as received. A malformed part has none. */
export function clausesIn(wire: unknown): readonly JsonObject[] {
  return listOf(membersIn(wire)["rules"]).flatMap((rule) =>
    listOf(membersIn(rule)["clauses"]).map(membersIn),
  );
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function membersIn(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
