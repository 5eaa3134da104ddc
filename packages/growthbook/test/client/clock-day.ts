import type { ConfigurationOrigin, FetchResult } from "@sortition/core/internal";
import {
  expectNothingMissed,
  FakeTimers,
  INTERVAL_MS,
} from "@sortition/dialect-kit/source-contract";
import { pollingSource } from "@sortition/node/internal";
import { GrowthBookClient } from "../../src/index.js";
import { growthbookOrigin } from "../../src/source.js";

/** Runs the drop-in for some hours under clocks that jump, drift and freeze. */
export async function playClockDay(hours: number, seed: number): Promise<void> {
  const clock = new FakeTimers();
  const open = async (respond: () => { readonly value: string; readonly etag: string }) => {
    const fetchOnce: ConfigurationOrigin["fetchOnce"] = async (current): Promise<FetchResult> => {
      const { etag, value } = respond();
      if (current?.[0]?.etag === etag) return { kind: "unchanged" };
      const features = { flag: { defaultValue: value } };
      const bytes = new TextEncoder().encode(JSON.stringify({ features }));
      const facts = { part: "flags", etag, fetchedAtMs: Date.now(), from: "network" } as const;
      return { kind: "payloads", payloads: [{ ...facts, bytes }] };
    };
    const origin = { ...growthbookOrigin({ clientKey: "sdk-1" }), fetchOnce };
    const client = new GrowthBookClient({
      source: pollingSource(origin, { pollIntervalMs: INTERVAL_MS }),
    });
    await client.init();
    return {
      value: () => client.getFeatureValue("flag", "none", { attributes: { id: "alice" } }),
      close: () => client.destroy(),
    };
  };
  await expectNothingMissed({ clock, hours, seed, open }).finally(() => clock.end());
}
