import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import type { FlagDefinition } from "@sortition/test-kit/flags";

export type { Explainer } from "@sortition/core/dialect";

/** The flags and the explainer behind a configuration of test flags. */
export interface RememberedFlags {
  readonly explainer: Explainer | null;
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

// A process may load this package twice, as an ES module and as CommonJS. The data is stored on the object itself, so that
// the matchers of one copy accept clients of the other.
const FLAGS: unique symbol = Symbol.for("@sortition/testing.flags");
const NOW: unique symbol = Symbol.for("@sortition/testing.now");

/** Stores the flags of a configuration on it. */
export function rememberFlags(configuration: Configuration, flags: RememberedFlags): void {
  Object.defineProperty(configuration, FLAGS, { value: flags });
}

/** Returns the flags of a configuration; `null` if it does not come from test flags. */
export function rememberedFlags(
  configuration: Configuration & { readonly [FLAGS]?: RememberedFlags },
): RememberedFlags | null {
  return configuration[FLAGS] ?? null;
}

/** Stores the clock of a client on it. */
export function rememberClock(client: object, now: (() => number) | undefined): void {
  if (now !== undefined) Object.defineProperty(client, NOW, { value: now });
}

/** Returns the clock of a client, or the real one if none was stored. */
export function timeOf(client: object): () => number {
  return (client as { readonly [NOW]?: () => number })[NOW] ?? Date.now; // set by rememberClock
}
