// For production: set the keys, and leave the URLs unset.
import { Experiment } from "@sortition/amplitude";

const { AMPLITUDE_DEPLOYMENT_KEY, AMPLITUDE_SERVER_URL, AMPLITUDE_UPLOAD_URL } = process.env;
const projectKey = process.env["AMPLITUDE_API_KEY"] ?? "example";

const experiment = Experiment.initializeLocal(AMPLITUDE_DEPLOYMENT_KEY ?? "example", {
  serverUrl: AMPLITUDE_SERVER_URL,
  cohortSyncConfig: {
    apiKey: projectKey,
    secretKey: process.env["AMPLITUDE_SECRET_KEY"] ?? "example",
    cohortServerUrl: AMPLITUDE_SERVER_URL,
  },
  assignmentConfig: { apiKey: projectKey, serverUrl: AMPLITUDE_UPLOAD_URL },
  exposureConfig: { apiKey: projectKey, serverUrl: AMPLITUDE_UPLOAD_URL },
});
await experiment.start();

const anna = { user_id: "anna", user_properties: { plan: "pro" } };
for (const [flag, { key }] of Object.entries(experiment.evaluateV2(anna))) {
  console.log(`anna, ${flag}: ${key}`);
}

const exposed = experiment.evaluateV2({ user_id: "bram" }, ["new-checkout"], {
  tracksExposure: true,
});
console.log("bram, new-checkout:", exposed["new-checkout"]?.key);

// Delivers the events of both users.
await experiment.stop({ timeoutMs: 2_000 });

// Prints:
//   anna, new-checkout: on
//   anna, banner: spring
//   bram, new-checkout: off
