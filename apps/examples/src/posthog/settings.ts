// For production: set REDIS_URL, POSTHOG_PROJECT_API_KEY and POSTHOG_PERSONAL_API_KEY, and leave POSTHOG_HOST unset.
import { capture, featureEnabled, loadFeatureFlags, settings, shutdown } from "@sortition/posthog";
import { redis } from "@sortition/redis";

// All workers share one set of definitions, which one of them fetches.
const fleet = redis({
  redis: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
  namespace: "shop",
});

// Settings are read when the first function is called.
settings.projectApiKey = process.env["POSTHOG_PROJECT_API_KEY"] ?? "phc_example";
settings.personalApiKey = process.env["POSTHOG_PERSONAL_API_KEY"] ?? "phx_example";
settings.host = process.env["POSTHOG_HOST"] ?? null;
settings.flagDefinitionCacheProvider = fleet.flagDefinitionCache();
settings.pollInterval = 30; // seconds
settings.superProperties = { app: "shop", version: "1.4.0" };
settings.disableGeoip = false;
settings.onError = (error) => console.error("events could not be sent", error);
settings.beforeSend = (message) => {
  // Drops health checks. Data that must not leave your company can be removed here, too.
  if (message.properties["path"] === "/health") return null;
  const { app, path } = message.properties;
  console.log("sent:", message.event, app, path);
  return message;
};

await loadFeatureFlags();
const team = { personProperties: { plan: "team" }, sendFeatureFlagEvents: false };
console.log("the new search:", await featureEnabled("new-search", "anna", team));

const visit = (path: string): string | undefined =>
  capture("page seen", { distinctId: "anna", properties: { path } });
console.log("a page is an event:", visit("/shoes") !== undefined);
console.log("a health check is one:", visit("/health") !== undefined);

await shutdown();
await fleet.close();

// Prints:
//   the new search: true
//   sent: page seen shop /shoes
//   a page is an event: true
//   a health check is one: false
