import { inspect } from "node:util";
import * as vendor from "@growthbook/growthbook";
import type { OddSide } from "@sortition/dialect-kit/odd-options";
import { vi } from "vitest";
import * as sortition from "../../src/index.js";

export type Sdk = typeof sortition;

/** The package, and the recorder of its effects. */
export interface Stage {
  readonly sdk: Sdk;
  /** Records the call of a callback with a copy of its arguments, for comparison. */
  note(name: string, given: readonly unknown[]): void;
  /** Returns what was recorded since the last call, as strings. */
  taken(): readonly string[];
}

/** Restored for each call, because settings apply to the whole process. */
const SETTINGS = {
  backgroundSync: true,
  cacheKey: "gbFeaturesCache",
  staleTTL: 60_000,
  maxAge: 4 * 3_600_000,
  maxEntries: 10,
  disableIdleStreams: false,
  idleStreamInterval: 20_000,
  disableCache: false,
};

export const features: Record<string, sortition.FeatureDefinition> = {
  flag: { defaultValue: false, rules: [{ condition: { plan: "pro" }, force: true }] },
  tested: { rules: [{ id: "r", variations: ["a", "b"], coverage: 1 }] },
};
export const attributes: sortition.Attributes = { id: "alice", plan: "pro" };
const START_MS = 1_800_000_000_000;

/**
 * Runs a call with both packages, silently and with a fake clock. Compares returned values, requests and recorded
 * calls.
 */
export function sides(use: (stage: Stage, given: unknown[]) => unknown): {
  readonly theirs: OddSide;
  readonly ours: OddSide;
} {
  const side =
    (sdk: Sdk): OddSide =>
    async (given) => {
      const methods = (["warn", "error", "log", "info"] as const).map((name) =>
        vi.spyOn(console, name).mockImplementation(() => {}),
      );
      vi.useFakeTimers({ now: START_MS });
      const requests: unknown[] = [];
      const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
        requests.push([url, init?.method ?? "GET", init?.body ?? null]);
        return Response.json({ features });
      };
      sdk.setPolyfills({ fetch });
      const notes: string[] = [];
      const note = (name: string, given: readonly unknown[]) =>
        notes.push(inspect([name, ...given], { depth: 6, sorted: true }));
      const taken = () => notes.splice(0);
      try {
        const effect = await use({ sdk, note, taken }, given);
        // Compares whether and where it polls. The number of polls within a millisecond is random.
        return { effect, requests: requests.slice(0, 3) };
      } finally {
        sdk.setPolyfills({ fetch: globalThis.fetch, EventSource: undefined });
        await sdk.clearCache();
        sdk.configureCache(SETTINGS);
        vi.useRealTimers();
        for (const method of methods) method.mockRestore();
      }
    };
  return { theirs: side(vendor as unknown as Sdk), ours: side(sortition) };
}
