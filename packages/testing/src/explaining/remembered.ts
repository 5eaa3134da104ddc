import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import type { FlagDefinition } from "../flags/definition.js";

export type { Explainer } from "@sortition/core/dialect";

/** What a configuration of test flags was made from. */
export interface RememberedFlags {
  readonly explainer: Explainer | null;
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

// Matchers of one copy of this package, ES module or CommonJS, get clients of the other: what is remembered is on the object.
const FLAGS: unique symbol = Symbol.for("@sortition/testing.flags");
const NOW: unique symbol = Symbol.for("@sortition/testing.now");

/** Remembers what a configuration was made from. */
export function rememberFlags(configuration: Configuration, flags: RememberedFlags): void {
  Object.defineProperty(configuration, FLAGS, { value: flags });
}

/** What a configuration was made from; `null` if it is not one of test flags. */
export function rememberedFlags(
  configuration: Configuration & { readonly [FLAGS]?: RememberedFlags },
): RememberedFlags | null {
  return configuration[FLAGS] ?? null;
}

/** Remembers the clock of a client. */
export function rememberClock(client: object, now: (() => number) | undefined): void {
  if (now !== undefined) Object.defineProperty(client, NOW, { value: now });
}

/** The clock of a client; the real one unless another was remembered. */
export function timeOf(client: object): () => number {
  return (client as { readonly [NOW]?: () => number })[NOW] ?? Date.now; // rememberClock defines it
}
