import {
  expectNothingMissed,
  FakeTimers,
  INTERVAL_MS,
} from "@sortition/dialect-kit/source-contract";
import { PostHog } from "../../src/index.js";

/** Definitions of one flag that assigns this variant to everyone. */
function definitions(variant: string): string {
  const multivariate = { variants: [{ key: variant, rollout_percentage: 100 }] };
  const flag = { id: 1, key: "flag", active: true, filters: { groups: [{}], multivariate } };
  return JSON.stringify({ flags: [flag], group_type_mapping: {}, cohorts: {} });
}

/** Runs the drop-in for some hours under clocks that jump, drift and freeze. */
export async function playClockDay(hours: number, seed: number): Promise<void> {
  const clock = new FakeTimers();
  const open = async (respond: () => { readonly value: string; readonly etag: string }) => {
    const client = new PostHog("phc_key", {
      host: "http://api.test",
      secretKey: "phs_secret",
      strictLocalEvaluation: true,
      sendFeatureFlagEvent: false,
      featureFlagsPollingInterval: INTERVAL_MS,
      async fetch(_url, options) {
        const { etag, value } = respond();
        const headers = new Headers(options.headers as Record<string, string>);
        if (headers.get("if-none-match") === etag) return new Response(null, { status: 304 });
        return new Response(definitions(value), { headers: { etag } });
      },
    });
    return { value: () => client.getFeatureFlag("flag", "alice"), close: () => client.shutdown() };
  };
  await expectNothingMissed({ clock, hours, seed, open }).finally(() => clock.end());
}
