import { describe, expect, it, vi } from "vitest";
import type { GrowthBook } from "../../src/index.js";
import { BOTH, type NamedSdk } from "./sdks.js";

/** Waits for a payload. */
const WAITS: Readonly<Record<string, (it: GrowthBook) => Promise<unknown>>> = {
  init: (it) => it.init(),
  loadFeatures: (it) => it.loadFeatures(),
  refreshFeatures: (it) => it.refreshFeatures({ skipCache: true }),
  "init, during a refresh": (it) => {
    void it.refreshFeatures({ skipCache: true });
    return it.init({ skipCache: true });
  },
  "the renderer": (it) => {
    const rendered = new Promise<void>((resolve) => it.setRenderer(resolve));
    void it.init();
    return rendered;
  },
};

/** Returns whether a refresh sends a request, and the value after it. */
async function outcomeOf({ sdk }: NamedSdk, wait: string, turns: number) {
  let [value, requests] = ["old", 0];
  sdk.setPolyfills({
    fetch: async () => {
      requests += 1;
      return new Response(JSON.stringify({ features: { f: { defaultValue: value } } }));
    },
  });
  await sdk.clearCache();
  const instance = new sdk.GrowthBook({ apiHost: "http://flags.test", clientKey: "key" });
  await WAITS[wait]?.(instance);
  for (let turn = 0; turn < turns; turn++) await null;
  value = "new";
  const before = requests;
  await instance.refreshFeatures({ skipCache: true });
  const outcome = { requests: requests - before, value: instance.getFeatureValue("f", "none") };
  instance.destroy();
  return outcome;
}

describe("a refresh right after a payload was received requests the next one, as the vendor's does", () => {
  vi.spyOn(console, "error").mockReturnValue();
  it.each(Object.keys(WAITS).flatMap((wait) => [0, 1, 2, 3, 20].map((turns) => ({ wait, turns }))))(
    "after $wait and $turns turns",
    async ({ turns, wait }) => {
      const outcomes = [];
      for (const sdk of BOTH) outcomes.push(await outcomeOf(sdk, wait, turns));
      expect(outcomes[1]).toEqual(outcomes[0]);
    },
  );
});
