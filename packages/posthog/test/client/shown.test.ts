import { inspect } from "node:util";
import { expect, it } from "vitest";
import { PostHog, type PostHogOptions, settings } from "../../src/index.js";

const FLAG = { id: 1, key: "new-checkout", active: true, filters: { groups: [{}] } };
const KEYS = { project: "phc_project-key", secret: "phs_secret-key" };

it("console.log shows the state of a client, but no keys", async () => {
  const fetch = async (): Promise<Response> =>
    Response.json({ flags: [FLAG], group_type_mapping: {}, cohorts: {} });
  const client = new PostHog(KEYS.project, {
    host: "https://user:password@events.example/path",
    secretKey: KEYS.secret,
    featureFlagsPollingInterval: null,
    fetch: fetch as NonNullable<PostHogOptions["fetch"]>, // implements only the members that are read
  });
  expect(inspect(client)).toContain("flags: null");
  await client.reloadFeatureFlags();
  client.capture({ distinctId: "alice", event: "opened" });
  const shown = inspect(client);
  expect(shown).toMatch(/^PostHog \{\s+host: 'events\.example',\s+isDisabled: false,\s+flags: 1,/);
  expect(shown).toMatch(/flagsAgeMs: \d+,/);
  expect(shown).toContain("accepted: 1,");
  expect(shown).not.toMatch(/project-key|secret-key|user|password|alice/);
  expect(JSON.parse(JSON.stringify({ client })).client).toMatchObject({
    host: "events.example",
    events: { accepted: 1 },
  });
  expect(JSON.stringify(client)).not.toMatch(/project-key|secret-key|user|password|alice/);
  await client.shutdown();
});

it("console.log and JSON.stringify show all settings except the keys", () => {
  const defaults = { ...settings };
  const { project: projectApiKey, secret: personalApiKey } = KEYS;
  Object.assign(settings, { projectApiKey, personalApiKey, host: "https://events.example" });
  for (const shown of [inspect(settings), JSON.stringify(settings)]) {
    expect(shown).not.toMatch(/project-key|secret-key/);
    expect(shown).toContain("https://events.example");
  }
  expect(settings.projectApiKey).toBe(projectApiKey);
  expect({ ...settings }).toMatchObject({ projectApiKey, personalApiKey });
  Object.assign(settings, defaults);
});
