// A check for CI: lists who would move with a new configuration, and why.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const configuration = (share: number) => ({
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
            { variationKey: "on", shards: [{ salt: "half", ranges: [{ start: 0, end: share }] }] },
            { variationKey: "off", shards: [] },
          ],
          doLog: true,
        },
      ],
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "sortition-diff-"));
const [live, next] = [join(folder, "live.json"), join(folder, "next.json")];
writeFileSync(live, JSON.stringify(configuration(5_000)));
writeFileSync(next, JSON.stringify(configuration(4_200)));

// In a shell: npx @sortition/cli diff live.json next.json --max-moved 5% --fail-on salt-changed
const installed = createRequire(import.meta.url).resolve("@sortition/cli/package.json");
const args = [
  "diff",
  live,
  next,
  "--dialect",
  "eppo",
  "--max-moved",
  "5%",
  "--fail-on",
  "salt-changed",
];
const { status, stderr, stdout } = spawnSync(
  process.execPath,
  [join(dirname(installed), "dist/main.js"), ...args],
  { encoding: "utf8" },
);
console.log(stdout.trimEnd());
console.log(stderr.trimEnd());
console.log(`exit code ${status}`);
rmSync(folder, { recursive: true });

// Prints:
//   checkout: changed, 8% move, exactly
//     half, traffic: on: 50%, off: 50% → on: 42%, off: 58%
//     moved by cause: traffic 8%
//     BEFORE → AFTER  SUBJECTS  MOVED
//     on → off        8%        8%
//     off → off       50%
//     on → on         42%
//
//   0 flags did not change
//   error: checkout: 8% move
//   exit code 1
