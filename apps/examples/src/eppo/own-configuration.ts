// For production: write the document where your build or admin page publishes it, and let clients read it with `baseUrl` or `fileSource`.
import { Configuration, createClient } from "@sortition/node";

/** An experiment in Denmark: one half sees the old title, the other half the new one. */
const document = {
  createdAt: "2026-02-01T12:00:00Z",
  format: "SERVER",
  environment: { name: "Production" },
  flags: {
    "shop-title": {
      key: "shop-title",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: {
        old: { key: "old", value: "Shoes" },
        new: { key: "new", value: "Shoes for rain and sun" },
      },
      allocations: [
        {
          key: "danish-test",
          doLog: true,
          rules: [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DK"] }] }],
          splits: [
            {
              variationKey: "old",
              shards: [{ salt: "shop-title-1", ranges: [{ start: 0, end: 5_000 }] }],
            },
            {
              variationKey: "new",
              shards: [{ salt: "shop-title-1", ranges: [{ start: 5_000, end: 10_000 }] }],
            },
          ],
        },
      ],
    },
  },
};

const configuration = Configuration.from({ flagsConfiguration: JSON.stringify(document) });
console.log(`${configuration.flagKeys.size} flag, ${configuration.issues.length} mistakes`);

await using client = createClient({
  initialConfiguration: configuration,
  pollIntervalMs: null, // fetches nothing
  assignmentLogger: { logAssignment: ({ subject, variation }) => console.log(subject, variation) },
});
for (const [userId, country] of [
  ["user-1", "DK"],
  ["user-6", "DK"],
  ["user-3", "SE"],
] as const) {
  const title = client.getStringAssignment("shop-title", userId, { country }, "Shoes, as ever");
  console.log(`  ${userId}: ${title}`);
}

// Prints:
//   1 flag, 0 mistakes
//   user-1 new
//     user-1: Shoes for rain and sun
//   user-6 old
//     user-6: Shoes
//     user-3: Shoes, as ever
