// Writes the files that the recipes read: a configuration, and exposures, some of which are wrong.

import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eppo } from "../../packages/core/dist/eppo.js";
import { Configuration, createClient } from "../../packages/core/dist/index.js";

const START_MS = Date.parse("2026-02-01T00:00:00Z");
const STEP_MS = 500;

const split = (variationKey, start, end) => ({
  variationKey,
  shards: [{ salt: "checkout-split", ranges: [{ start, end }] }],
});

const CONFIG = {
  createdAt: "2026-01-31T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: {
    checkout: {
      key: "checkout",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: { a: { key: "a", value: "old" }, b: { key: "b", value: "new" } },
      allocations: [
        {
          key: "danes",
          rules: [
            {
              conditions: [
                { attribute: "country", operator: "ONE_OF", value: ["DK"] },
                { attribute: "version", operator: "MATCHES", value: "^1[01]\\." },
              ],
            },
          ],
          splits: [split("a", 0, 5_000), split("b", 5_000, 10_000)],
          doLog: true,
        },
      ],
    },
  },
};

/** Number of rows with the message id of another row. */
const COPIES = 234;

/** Subjects by their number, whose types databases may guess wrong. Some look like text only in later rows. */
export const SUBJECTS = {
  text: (n) => `user-${n}`,
  "lower-case UUIDs": uuid,
  "upper-case UUIDs": (n) => uuid(n).toUpperCase(),
  numbers: (n, isLate) => (isLate ? `user-${n}` : `${n}`),
  dates: (n, isLate) =>
    isLate ? `user-${n}` : new Date(n * 86_400_000).toISOString().slice(0, 10),
  times: (n, isLate) => (isLate ? `user-${n}` : new Date(n * 1_000).toISOString()),
};

/** An ISO 8601 time, in UTC or in the zone of an application. */
function timeText(ms, isLocal) {
  if (!isLocal) return new Date(ms).toISOString();
  return new Date(ms + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
}

function uuid(n) {
  const hex = n.toString(16).padStart(12, "0");
  return `a0b1c2d3-e4f5-4a6b-8c7d-${hex}`;
}

/**
 * Writes `flags.json` and `exposures.ndjson`. Every 500th row has a wrong variation, every 700th a subject outside the
 * experiment, and every 900th no attributes. Some rows are duplicates, and one row cannot be parsed.
 */
export async function writeData(folder, rows, subjectOf = SUBJECTS.text) {
  const text = JSON.stringify(CONFIG);
  writeFileSync(join(folder, "flags.json"), text);
  const dialect = eppo();
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: text } }),
    assignmentLogger: null,
  });
  const out = createWriteStream(join(folder, "exposures.ndjson"));
  for (let i = 0; i < rows; i++) {
    const subject = subjectOf((i * 7) % Math.ceil(rows * 0.9), i > rows * 0.6);
    // A number first, and text later.
    const version = i < rows * 0.6 ? 10.5 : "11.0.1";
    const given = client.getStringAssignment("checkout", subject, { country: "DK", version }, "");
    const assigned = given === "old" ? "a" : "b";
    const other = assigned === "a" ? "b" : "a";
    const event = {
      featureFlag: "checkout",
      allocation: "danes",
      experiment: "checkout-danes",
      variation: i % 500 === 0 ? other : assigned,
      subject: i === Math.floor(rows * 0.65) ? "" : subject,
      subjectAttributes: i % 900 === 2 ? {} : { country: i % 700 === 1 ? "SE" : "DK", version },
      timestamp: timeText(START_MS + i * STEP_MS, i % 3 === 0),
      messageId: `event-${i}`,
    };
    const line = `${JSON.stringify(event)}\n`;
    const isCopied = i > 0 && i % Math.floor(rows / COPIES) === 0;
    if (!out.write(isCopied ? line + line : line)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  await client.close();
}
