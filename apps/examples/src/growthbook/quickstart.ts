// For production: set GROWTHBOOK_CLIENT_KEY, and leave GROWTHBOOK_API_HOST unset to use the vendor's server.
import { GrowthBook } from "@sortition/growthbook";

const apiHost = process.env["GROWTHBOOK_API_HOST"] ?? "https://cdn.growthbook.io";
const clientKey = process.env["GROWTHBOOK_CLIENT_KEY"] ?? "example";

// Fetch the features yourself, or load them as a JSON string from a database or a cache.
const response = await fetch(`${apiHost}/api/features/${clientKey}`);
const cached = JSON.stringify(await response.json());
const { features } = JSON.parse(cached);

const gb = new GrowthBook({
  attributes: { id: "user-1", country: "DE" },
  features,
  trackingCallback(experiment, result) {
    console.log(`viewed: ${experiment.key}, variation ${result.key}`);
  },
});

if (gb.isOn("new-checkout")) console.log("the short form");
if (gb.isOff("new-checkout")) console.log("the usual form");

console.log(gb.getFeatureValue("banner", "Hello"));
console.log(gb.getFeatureValue("unknown", "the fallback"));

const { value, on, off, source, ruleId, experiment, experimentResult } =
  gb.evalFeature("new-checkout");
console.log({ value, on, off, source, ruleId });
console.log(experiment?.key, experimentResult?.variationId, experimentResult?.inExperiment);

gb.destroy();

// Prints:
//   viewed: checkout-test, variation …
//   the … form
//   Willkommen
//   the fallback
//   {
//     value: …,
//     on: …,
//     off: …,
//     source: 'experiment',
//     ruleId: 'fr_checkout'
//   }
//   checkout-test … true
