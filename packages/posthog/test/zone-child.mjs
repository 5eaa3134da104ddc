// Prints which dates are before noon UTC, in the time zone of this process.
import { Configuration, createClient } from "@sortition/core";
import { posthog } from "@sortition/posthog/dialect";
import { PostHog } from "posthog-node";

const values = JSON.parse(process.argv[2]);
const filter = { key: "at", operator: "is_date_before", value: "2026-01-15T12:00:00Z" };
const flags = [{ id: 1, key: "f", active: true, filters: { groups: [{ properties: [filter] }] } }];
const text = JSON.stringify({ flags, group_type_mapping: {}, cohorts: {} });

const dialect = posthog();
const initialConfiguration = Configuration.from({
  dialect,
  payloads: { flags: Buffer.from(text) },
});
const client = createClient({ dialect, initialConfiguration });
const ours = values.map((at) => client.getBooleanAssignment("f", "user", { at }, null));

const vendorClient = new PostHog("phc_key", {
  personalApiKey: "phx_key",
  sendFeatureFlagEvent: false,
  fetch: async () => new Response(text),
});
await vendorClient.waitForLocalEvaluationReady();
const vendor = [];
for (const at of values) {
  const options = { personProperties: { at }, onlyEvaluateLocally: true };
  vendor.push(await vendorClient.getFeatureFlag("f", "user", options));
}
await vendorClient.shutdown();
process.stdout.write(JSON.stringify({ ours, vendor }));
