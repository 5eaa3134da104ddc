// Checks whether yesterday's logged exposures match the configuration.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Configuration, createClient, ndjsonLogger } from "@sortition/node";

const configuration = JSON.stringify({
  createdAt: "2026-01-05T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Production" },
  flags: {
    checkout: {
      key: "checkout",
      enabled: true,
      variationType: "BOOLEAN",
      totalShards: 10_000,
      variations: { on: { key: "on", value: true }, off: { key: "off", value: false } },
      allocations: [
        {
          key: "half",
          splits: [
            { variationKey: "on", shards: [{ salt: "half", ranges: [{ start: 0, end: 5_000 }] }] },
            { variationKey: "off", shards: [] },
          ],
          doLog: true,
        },
      ],
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "sortition-replay-"));
const [flags, exposures] = [join(folder, "flags.json"), join(folder, "exposures.ndjson")];
writeFileSync(flags, configuration);

const client = createClient({
  initialConfiguration: Configuration.from({ flagsConfiguration: configuration }),
  assignmentLogger: ndjsonLogger(exposures),
  clock: { now: () => Date.parse("2026-02-01T12:00:00Z") },
});
for (let i = 0; i < 1_000; i++) client.getBooleanAssignment("checkout", `user-${i}`, {}, false);
await client.close();

// In a shell: npx @sortition/cli replay exposures.ndjson --config flags.json
const installed = createRequire(import.meta.url).resolve("@sortition/cli/package.json");
const args = ["replay", exposures, "--config", flags, "--dialect", "eppo"];
const { status, stdout } = spawnSync(
  process.execPath,
  [join(dirname(installed), "dist/main.js"), ...args],
  { encoding: "utf8" },
);
console.log(stdout.trimEnd());
console.log(`exit code ${status}`);
rmSync(folder, { recursive: true });

// Prints:
//   FLAG, DAY     EXPOSURES  RESULT
//   checkout
//     2026-02-01  1,000      1,000 right
//   all           1,000      1,000 right
//   exit code 0
