import type { Configuration } from "@sortition/core/client";
import type { Explainer } from "@sortition/core/dialect";
import type { FlagDefinition } from "../flags/definition.js";

export type { Explainer } from "@sortition/core/dialect";

/** What is known of a configuration that a test described. */
export interface RememberedFlags {
  readonly explainer: Explainer | null;
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

const flagsOf = new WeakMap<Configuration, RememberedFlags>();
const clocks = new WeakMap<object, () => number>();

/** Remembers what a configuration was made from. */
export function rememberFlags(configuration: Configuration, flags: RememberedFlags): void {
  flagsOf.set(configuration, flags);
}

/** What a configuration was made from; `null`: not by test flags. */
export function rememberedFlags(configuration: Configuration): RememberedFlags | null {
  return flagsOf.get(configuration) ?? null;
}

/** Remembers the time of a client. */
export function rememberClock(client: object, now: (() => number) | undefined): void {
  if (now !== undefined) clocks.set(client, now);
}

/** The time of a client; the real one, if it is not known to have another. */
export function timeOf(client: object): () => number {
  return clocks.get(client) ?? Date.now;
}
