import type { Configuration } from "@sortition/core";
import { UsageError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import type { OptionReader } from "./dialect.js";

/** A configuration, and the flags to keep. */
export interface ReductionInput {
  /** The parsed file. */
  readonly root: unknown;
  /** The configuration compiled from this file. */
  readonly configuration: Configuration;
  /** Keys of flags. Unknown keys are ignored. If empty, all flags are kept. */
  readonly asked: readonly string[];
  readonly option: OptionReader;
}

/** A configuration reduced to some flags. */
export interface ReducedPayload {
  /** The parts of the configuration, by name. */
  readonly parts: JsonObject;
  /** The remaining flags, in the format of the payload. */
  readonly flags: ReadonlyMap<string, unknown>;
}

/**
 * Returns the requested flags and their dependencies, in the order of the payload.
 *
 * @param asked - keys of flags. Unknown keys are ignored. If empty, all flags are returned.
 * @param dependenciesOf - returns the keys of the flags that a flag depends on. Unknown keys are ignored.
 */
export function withDependencies<Flag>(
  flags: ReadonlyMap<string, Flag>,
  asked: readonly string[],
  dependenciesOf: (flag: Flag) => readonly string[],
): ReadonlyMap<string, Flag> {
  if (asked.length === 0) return flags;
  const kept = new Set<string>();
  const open = [...asked];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const flag = flags.get(key);
    if (flag === undefined || kept.has(key)) continue;
    kept.add(key);
    open.push(...dependenciesOf(flag));
  }
  return new Map([...flags].filter(([key]) => kept.has(key)));
}

/** Returns the file, or an empty object if it is none. */
export function objectOf(root: unknown): JsonObject {
  return isJsonObject(root) ? root : {};
}

/** Yields all objects in a JSON value, including the value itself. */
export function* objectsIn(value: unknown): Generator<JsonObject> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as JsonObject; // JSON
  for (const member of Object.values(value)) yield* objectsIn(member);
}

/** Returns the error for a flag or configuration that a warehouse cannot evaluate. */
export function refusal(flag: string | null, problem: string): UsageError {
  const of = flag === null ? "" : `flag ${JSON.stringify(flag)}: `;
  return new UsageError(`${of}${problem}`);
}
