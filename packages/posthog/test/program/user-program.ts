// A server with PostHog from start to end, as a user would write it. It prints its observations.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { PostHog, setupExpressErrorHandler, setupExpressRequestContext } from "posthog-node";

const journal: unknown[] = [];
const note = (...what: unknown[]): void => void journal.push(what);

const posthog = new PostHog("phc_shop", {
  host: process.env["POSTHOG_HOST"] ?? "",
  personalApiKey: "phx_shop",
  flushAt: 1_000,
  flushInterval: 0,
  featureFlagsPollingInterval: 60_000,
  before_send: (event) => {
    if (event?.event === "health check") return null;
    if (event?.properties) event.properties["region"] = "eu";
    return event;
  },
});
posthog.on("error", (error: unknown) => note("error", String(error)));
posthog.on("capture", (event: { event: string }) => note("captured", event.event));

// Flags that the definitions decide, and flags that the server decides.
note("ready", await posthog.waitForLocalEvaluationReady(20_000), posthog.isLocalEvaluationReady());
const anna = { personProperties: { plan: "team" }, groups: { company: "acme" } };
note("banner", await posthog.getFeatureFlag("banner", "anna"));
note("banner again", await posthog.getFeatureFlag("banner", "anna"));
note("team", await posthog.isFeatureEnabled("team-only", "anna", anna));
note(
  "solo",
  await posthog.isFeatureEnabled("team-only", "ben", { personProperties: { plan: "solo" } }),
);
note("company", await posthog.isFeatureEnabled("company-beta", "anna", anna));
note("no company", await posthog.isFeatureEnabled("company-beta", "anna"));
note("payload", await posthog.getFeatureFlagPayload("banner", "anna"));
note("of a variant", await posthog.getFeatureFlagPayload("banner", "anna", "control"));
note("by the server", await posthog.getFeatureFlag("static-cohort", "anna", anna));
note(
  "locally only",
  await posthog.getFeatureFlag("static-cohort", "anna", { onlyEvaluateLocally: true }),
);
note("unknown", await posthog.getFeatureFlag("nope", "anna"));
note("silent", await posthog.getFeatureFlag("banner", "carl", { sendFeatureFlagEvents: false }));
note("result", await posthog.getFeatureFlagResult("banner", "anna"));
note("all", await posthog.getAllFlags("anna", anna));
note("some", await posthog.getAllFlagsAndPayloads("anna", { flagKeys: ["banner"] }));
note("config", await posthog.getRemoteConfigPayload("theme"));
await posthog.flush();

const flags = await posthog.evaluateFlags("anna", anna);
note("keys", [...flags.keys].sort());
note("reads", flags.isEnabled("banner"), flags.getFlag("team-only"), flags.getFlag("nope"));
note("payload", flags.getFlagPayload("banner"), flags.isEnabled("nope", { defaultValue: true }));
posthog.capture({ distinctId: "anna", event: "searched", properties: { term: "shoes" }, flags });
posthog.capture({ distinctId: "anna", event: "found", flags: flags.onlyAccessed() });
posthog.capture({ distinctId: "anna", event: "chosen", flags: flags.only(["banner"]) });
await posthog.flush();

// Persons, groups, and all members of an event.
posthog.identify({
  distinctId: "anna",
  properties: { $set: { name: "Anna" }, $set_once: { at: 1 } },
});
posthog.alias({ distinctId: "anna", alias: "a-17" });
posthog.groupIdentify({ groupType: "company", groupKey: "acme", properties: { seats: 5 } });
posthog.setPersonProperties({ distinctId: "anna", properties: { plan: "team" } });
posthog.unsetPersonProperties({ distinctId: "anna", properties: ["trial"] });
posthog.register({ app: "shop" });
posthog.capture({
  distinctId: "anna",
  event: "bought",
  groups: { company: "acme" },
  properties: { price: 5 },
});
posthog.capture({ event: "anonymous", timestamp: new Date(0), disableGeoip: false });
posthog.capture({ distinctId: "anna", event: "health check" });
posthog.capture({ distinctId: "anna", event: "old way", sendFeatureFlags: true });
await posthog.captureImmediate({ distinctId: "anna", event: "at once" });
await posthog.flush();

posthog.withContext({ distinctId: "ben", sessionId: "s-1", properties: { step: 1 } }, () => {
  posthog.capture({ event: "in a context" });
  posthog.withContext({ properties: { step: 2 } }, () => {
    posthog.capture({ event: "deeper", properties: { own: true } });
    note("context", posthog.getContext());
  });
  posthog.withContext({ properties: { only: "this" } }, () => posthog.capture({ event: "fresh" }), {
    fresh: true,
  });
});
note("outside", posthog.getContext());
await Promise.all(
  ["x", "y", "z"].map((distinctId) =>
    posthog.withContext({ distinctId }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      note("who", distinctId, posthog.getContext()?.distinctId === distinctId);
    }),
  ),
);
try {
  throw new RangeError("out of stock", { cause: new TypeError("no shoes") });
} catch (error) {
  posthog.captureException(error, "anna", { order: 17 });
}
await posthog.flush();

const app = express();
setupExpressRequestContext(posthog, app);
app.get("/search", async (request, response) => {
  const { distinctId = "visitor" } = posthog.getContext() ?? {};
  const isNew = await posthog.isFeatureEnabled("team-only", distinctId, {
    personProperties: { plan: "team" },
  });
  posthog.capture({ event: "page", properties: { term: request.query["q"] } });
  response.json({ isNew, distinctId });
});
app.get("/broken", () => {
  throw new Error("the page is broken");
});
setupExpressErrorHandler(posthog, app);
app.use(((_error, _request, response, _next) => {
  response.status(500).json({ sorry: true });
}) as express.ErrorRequestHandler);
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const headers = { "x-posthog-distinct-id": "dora", "x-posthog-session-id": "s-2" };
for (const path of ["/search?q=shoes", "/broken"]) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  note(path, response.status, await response.json());
  await posthog.flush();
}
server.close();
await once(server, "close");

// Overrides, opting out, and shutdown.
posthog.overrideFeatureFlags({
  flags: { banner: "mine" },
  payloads: { banner: { title: "Mine" } },
});
note("overridden", await posthog.getFeatureFlag("banner", "anna"));
note("its payload", await posthog.getFeatureFlagPayload("banner", "anna"));
posthog.overrideFeatureFlags(false);
await posthog.disable();
posthog.capture({ distinctId: "anna", event: "not wanted" });
await posthog.flush();
await posthog.enable();
posthog.capture({ distinctId: "anna", event: "the last one" });
await posthog.shutdown();
process.stdout.write(JSON.stringify(journal));
