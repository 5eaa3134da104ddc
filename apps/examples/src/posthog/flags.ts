// For production: set POSTHOG_PROJECT_API_KEY and POSTHOG_PERSONAL_API_KEY, and leave POSTHOG_HOST unset.
import {
  capture,
  evaluateFlags,
  featureEnabled,
  featureFlagDefinitions,
  getAllFlags,
  getFeatureFlag,
  getFeatureFlagPayload,
  getFeatureFlagResult,
  getRemoteConfigPayload,
  loadFeatureFlags,
  settings,
  shutdown,
} from "@sortition/posthog";

settings.projectApiKey = process.env["POSTHOG_PROJECT_API_KEY"] ?? "phc_example";
// With this key, flags are evaluated locally, without a request. Without it, the server evaluates them.
settings.personalApiKey = process.env["POSTHOG_PERSONAL_API_KEY"] ?? "phx_example";
settings.host = process.env["POSTHOG_HOST"] ?? null;

await loadFeatureFlags();
console.log("definitions:", featureFlagDefinitions()?.length);

// Pass the known properties of the person with the call.
const anna = { personProperties: { plan: "team" }, groups: { company: "acme" } };

// On or off, with a payload.
if (await featureEnabled("new-search", "anna", anna)) {
  console.log("search:", await getFeatureFlagPayload("new-search", "anna", anna));
}

// Several variants.
switch (await getFeatureFlag("headline", "anna")) {
  case "short":
    console.log("Buy shoes");
    break;
  case "long":
    console.log("Buy shoes, and boots, and sandals");
    break;
  default:
    console.log("Welcome");
}

// Everything about one flag.
const result = await getFeatureFlagResult("headline", "anna");
console.log(result?.getValue(), result?.payload, result?.reason);

// All flags, or one evaluation of them for a whole request.
console.log(await getAllFlags("anna", anna));
const flags = await evaluateFlags("anna", anna);
const page = flags.isEnabled("new-search") ? "the new search" : "the old search";
console.log(page, "for", flags.getFlag("company-beta") ? "a beta company" : "everybody");
// The event contains these flags, without a request.
capture("searched", { distinctId: "anna", flags });

// A configuration that the server decrypts.
console.log("theme:", await getRemoteConfigPayload("theme"));
await shutdown();

// Prints:
//   definitions: 4
//   search: { engine: 'v2' }
//   Buy shoes
//   short { words: 3 } Evaluated locally
//   {
//     'new-search': true,
//     headline: 'short',
//     'company-beta': true,
//     retired: false
//   }
//   the new search for a beta company
//   theme: { colour: 'blue' }
