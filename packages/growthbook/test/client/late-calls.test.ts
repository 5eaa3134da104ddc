import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AutoExperiment, FeatureApiResponse } from "../../src/index.js";
import { BOTH } from "./sdks.js";

const payloadOf = (n: number): FeatureApiResponse => ({ features: { n: { defaultValue: n } } });
const USER = { attributes: { id: "alice" } };

describe.each(BOTH)("with $name", ({ sdk }) => {
  beforeEach(() => {
    sdk.setPolyfills({ fetch: async () => Response.json(payloadOf(1)) });
  });
  afterEach(async () => {
    sdk.setPolyfills({ fetch: globalThis.fetch });
    await sdk.clearCache();
  });

  describe("a destroyed instance", () => {
    it.each(["init", "refreshFeatures"] as const)("serves what %s fetches", async (method) => {
      const gb = new sdk.GrowthBook({ ...USER, clientKey: "key" });
      gb.destroy();
      await gb[method]();
      expect([gb.ready, gb.getFeatureValue("n", 0)]).toEqual([true, 1]);
    });

    it("serves features that are passed to it", async () => {
      const client = new sdk.GrowthBookClient().initSync({ payload: payloadOf(1) });
      client.destroy();
      expect(client.getFeatureValue("n", 0, USER)).toBe(0);
      await client.setPayload(payloadOf(2));
      expect(client.getFeatureValue("n", 0, USER)).toBe(2);
    });
  });

  it("an instance returns the decrypted payload that it serves", async () => {
    const gb = new sdk.GrowthBook();
    const first = gb.setPayload(payloadOf(1));
    gb.initSync({ payload: payloadOf(2) });
    await first;
    expect(gb.getFeatureValue("n", 0)).toBe(1);
    expect([gb.getPayload(), gb.getDecryptedPayload()]).toEqual([payloadOf(2), payloadOf(1)]);
  });

  it("an instance without a URL runs its experiments when an empty URL is set", async () => {
    const variations: AutoExperiment["variations"] = [{ css: "p {}" }, { css: "b {}" }];
    const trackingCallback = vi.fn();
    const gb = new sdk.GrowthBook({ trackingCallback, experiments: [{ key: "exp", variations }] });
    const attributes: Record<string, string> = {};
    await gb.setAttributes(attributes);
    attributes["id"] = "alice";
    await gb.setURL("");
    expect(trackingCallback).toHaveBeenCalledOnce();
    attributes["id"] = "bob";
    await gb.setURL("");
    expect(trackingCallback).toHaveBeenCalledOnce();
  });
});
