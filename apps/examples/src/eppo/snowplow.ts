// For production: set EPPO_API_KEY and SNOWPLOW_ENDPOINT, leave EPPO_BASE_URL unset, and add the schemas to your registry.
import { init } from "@sortition/node";
import { igluSchemas, snowplowLogger } from "@sortition/snowplow";

const SCHEMA_VENDOR = "com.example";

const logger = snowplowLogger({
  endpoint: process.env["SNOWPLOW_ENDPOINT"] ?? "https://collector.example.com",
  appId: "shop",
  schemaVendor: SCHEMA_VENDOR,
});

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: logger,
});
for (const user of ["user-1", "user-2", "user-3"]) {
  client.getStringAssignment("test-checkout", user, { country: "CH" }, "standard_checkout");
}
await client.close({ timeoutMs: 5_000 });

const { accepted, delivered, failed, dropped } = logger.stats();
console.log(
  `${accepted} accepted = ${delivered} delivered + ${failed} failed + ${dropped} dropped`,
);
console.log("Add to the registry:");
for (const { path } of igluSchemas(SCHEMA_VENDOR)) console.log(path);

// Prints:
//   3 accepted = 3 delivered + 0 failed + 0 dropped
//   Add to the registry:
//   com.example/assignment/jsonschema/1-0-0
//   com.example/bandit_action/jsonschema/1-0-0
