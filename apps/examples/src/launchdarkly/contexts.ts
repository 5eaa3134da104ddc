// For production: replace `initialConfiguration` with `source: launchdarklySource({ sdkKey })`.
import { Configuration, createClient } from "@sortition/core";
import { launchdarkly } from "@sortition/launchdarkly/dialect";

const flags = {
  flags: {
    checkout: {
      ...{ key: "checkout", version: 1, on: true, salt: "s", variations: ["standard", "fast"] },
      rules: [
        {
          ...{ id: "large-customers", variation: 1, trackEvents: true },
          clauses: [{ contextKind: "org", attribute: "plan", op: "in", values: ["enterprise"] }],
        },
        {
          ...{ id: "beta", variation: 1 },
          clauses: [{ op: "segmentMatch", values: ["beta-users"] }],
        },
      ],
      fallthrough: { variation: 0 },
    },
  },
  segments: { "beta-users": { key: "beta-users", version: 1, unbounded: true, generation: 1 } },
};

// The keys of your store of big segments are hashes of context keys.
const betaUsers = new Set(["gbY32PzSxtpjWeaWMROhFw3nleS3JbhNHgtM/Z7FjOk="]);
const dialect = launchdarkly({
  bigSegments: (contextKeyHash) => ({ "beta-users.g1": betaUsers.has(contextKeyHash) }),
});
const client = createClient({
  dialect,
  initialConfiguration: Configuration.from({ dialect, payloads: { flags: JSON.stringify(flags) } }),
  assignmentLogger: {
    logAssignment: ({ allocation, subject }) => console.log("exposure:", subject, allocation),
  },
});

const org = { kind: "multi", user: { key: "ann" }, org: { key: "acme", plan: "enterprise" } };
console.log(client.getStringAssignment("checkout", "ann", org, "none"));
for (const user of ["bob", "carol"]) {
  const { evaluationDetails, value } = client.getStringAssignmentDetails(
    "checkout",
    user,
    {},
    "none",
  );
  console.log(user, value, evaluationDetails.reason.kind);
}
await client.close();

// Prints:
//   exposure: ann large-customers
//   fast
//   bob fast RULE_MATCH
//   carol standard FALLTHROUGH
