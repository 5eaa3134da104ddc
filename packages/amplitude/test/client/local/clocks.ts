import type { FetchResult } from "@sortition/core/internal";
import { expectNothingMissed, INTERVAL_MS } from "@sortition/dialect-kit/source-contract";
import { createFakeClock } from "@sortition/test-kit";
import { LocalEvaluationClient } from "../../../src/index.js";
import { amplitudeOrigin } from "../../../src/source.js";
import { flagOf } from "./flags.js";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Runs the drop-in for some hours under clocks that jump, drift and freeze. */
export async function playClockDay(hours: number, seed: number): Promise<void> {
  const clock = createFakeClock();
  await expectNothingMissed({
    ...{ clock, hours, seed },
    async open(respond) {
      const client = new LocalEvaluationClient("key", {
        loggerProvider: SILENT,
        clock,
        flagConfigPollingIntervalMillis: INTERVAL_MS,
        source: {
          ...amplitudeOrigin({ deploymentKey: "key", clock }),
          async fetchOnce(current): Promise<FetchResult> {
            const { etag, value } = respond();
            if (current?.[0]?.etag === etag) return { kind: "unchanged" };
            const bytes = new TextEncoder().encode(JSON.stringify([flagOf("flag", value)]));
            const facts = { part: "flags", etag, fetchedAtMs: clock.now() } as const;
            return { kind: "payloads", payloads: [{ ...facts, from: "network", bytes }] };
          },
        },
      });
      await client.start();
      return {
        value: () => client.evaluateV2({ user_id: "alice" })["flag"]?.value,
        close: () => client.stop(),
      };
    },
  });
}
