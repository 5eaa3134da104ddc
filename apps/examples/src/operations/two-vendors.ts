// For production: create each client with its vendor's source, and omit `initialConfiguration`.
import { Configuration, createClient, shadow } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";

const eppoFlags = {
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "production" },
  flags: {
    "new-checkout": {
      ...{ key: "new-checkout", enabled: true, variationType: "STRING", totalShards: 10_000 },
      variations: { fast: { key: "fast", value: "fast" } },
      allocations: [
        {
          ...{ key: "adults", doLog: true },
          rules: [{ conditions: [{ attribute: "age", operator: "GTE", value: 18 }] }],
          splits: [{ variationKey: "fast", shards: [] }],
        },
      ],
    },
  },
};

/** The same flag in GrowthBook, with a condition on the user's age. */
function growthbookFlags(condition: object): object {
  return { features: { checkout: { rules: [{ condition: { age: condition }, force: "fast" }] } } };
}

const configurationOf = (dialect: ReturnType<typeof growthbook>, payload: object) =>
  Configuration.from({ dialect, payloads: { flags: JSON.stringify(payload) } });

const primary = createClient({
  dialect: eppo(),
  initialConfiguration: Configuration.from({
    dialect: eppo(),
    payloads: { flags: JSON.stringify(eppoFlags) },
  }),
  assignmentLogger: { logAssignment: ({ subject }) => console.log("Eppo logs", subject) },
});
const dialect = growthbook();
const candidate = createClient({
  dialect,
  initialConfiguration: configurationOf(dialect, growthbookFlags({ $gt: 18 })),
  assignmentLogger: null,
});

const flags = shadow({
  primary,
  candidate,
  map: { flags: { "new-checkout": "checkout" } },
  onDifference: ({ candidate, flagKey, kind, primary }) =>
    console.log(`${flagKey}: ${kind}, ${primary.value} → ${candidate.value}`),
});
const checkout = (user: string, age: number) =>
  flags.getStringAssignment("new-checkout", user, { age }, "standard");

console.log(checkout("ann", 18), checkout("bob", 30));
console.log(JSON.stringify(flags.report().flags["new-checkout"]?.differ.default));

// The rule was copied as "over 18" instead of "18 or older". Fix it in GrowthBook:
candidate.setConfiguration(configurationOf(dialect, growthbookFlags({ $gte: 18 })));
flags.serveFrom("candidate");
console.log(checkout("ann", 18), checkout("bob", 30));
await flags.close();

// Prints:
//   Eppo logs ann
//   new-checkout: default, "fast" → "standard"
//   Eppo logs bob
//   fast fast
//   1
//   fast fast
