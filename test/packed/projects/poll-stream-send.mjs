// Polls, follows a stream, and sends events, like a service that is deployed as one file.
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { PostHog } from "@sortition/posthog";

const { FLAGS_URL, GROWTHBOOK_URL, POSTHOG_URL } = process.env;
const POLLS = 12;
const EVENTS = 6;

const server = setInterval(() => {}, 1_000);
const polling = createClient({ apiKey: "key", baseUrl: FLAGS_URL, pollIntervalMs: 100 });
const streaming = createClient({
  dialect: growthbook(),
  source: growthbookSource({ clientKey: "key", apiHost: GROWTHBOOK_URL, streaming: true }),
});
const posthog = new PostHog("phc_key", { host: POSTHOG_URL, flushAt: 1, fetchRetryCount: 0 });
const failures = [];
posthog.on("error", (error) => failures.push(error.message));

await Promise.all([polling.waitForInitialization(), streaming.waitForInitialization()]);
await new Promise((resolve) => {
  const look = () => {
    if (streaming.getStringAssignment("checkout", "user-1", {}, "none") === "streamed") resolve();
  };
  streaming.on("configuration-changed", look);
  look();
});
const outcomes = [];
for (let poll = 0; poll < POLLS; poll++) outcomes.push((await polling.refresh()).outcome);
for (let event = 0; event < EVENTS; event++) {
  posthog.capture({ distinctId: "user-1", event: `event ${event}` });
  await posthog.flush();
}
await posthog.shutdown();
const { state, lastError } = polling.status;
await Promise.all([polling.close(), streaming.close()]);
clearInterval(server);
console.log(JSON.stringify({ state, lastError, outcomes: [...new Set(outcomes)], failures }));
