import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { detectableLoss } from "../../src/srm/power.js";
import { LEVEL, testSplit } from "../../src/srm/split-test.js";
import { jsonFile, ndjson, run } from "../run.js";
import { experimentConfig, simulated } from "./simulated.js";

const RUNS = 100;
/** Number of experiments that the command tests. */
const EXPERIMENTS = isWhole ? 50 : 6;

/** Simulates a split whose last variation loses a fraction of its subjects, until this many subjects are left. */
function withLoss(shares: readonly number[], subjects: number, loss: number, random: () => number) {
  const counts = new Map(shares.map((_, i) => [`v${i}`, 0]));
  const last = shares.length - 1;
  const ends = shares.map((_, i) => shares.slice(0, i + 1).reduce((sum, share) => sum + share, 0));
  for (let n = 0; n < subjects; ) {
    const at = random();
    const found = ends.findIndex((end) => at < end);
    const i = found === -1 ? last : found;
    if (i === last && random() < loss) continue;
    counts.set(`v${i}`, (counts.get(`v${i}`) ?? 0) + 1);
    n += 1;
  }
  return counts;
}

describe("the loss that srm says it would have detected", () => {
  it.each([
    { shares: [0.5, 0.5], subjects: 1_000 },
    ...(isWhole ? [{ shares: [0.5, 0.5], subjects: 30_000 }] : []),
    { shares: [0.9, 0.1], subjects: 5_000 },
    { shares: [0.4, 0.4, 0.2], subjects: 10_000 },
  ])(
    "is found in at least 80 of 100 runs with $subjects subjects, split $shares",
    ({ shares, subjects }) => {
      const random = seededRandom(85);
      const given = new Map(shares.map((share, i) => [`v${i}`, share]));
      const loss = detectableLoss(given, subjects) ?? Number.NaN;
      let found = 0;
      for (let n = 0; n < RUNS; n++) {
        const counts = withLoss(shares, subjects, loss, random);
        if (testSplit(counts, given).pValue < LEVEL) found += 1;
      }
      expect(found).toBeGreaterThanOrEqual(80);
    },
  );

  it("is found by the command in at least 80% of the runs, if it is as large as its report says", async () => {
    const random = seededRandom(1);
    const config = jsonFile("power.json", experimentConfig(0.5));
    const args = ["srm", "-", "--config", config, "--dialect", "eppo"];
    const events = simulated({ random, share: 0.5, subjects: 2_000 });
    const { exitCode, stdout } = await run(args, ndjson(events));
    expect(exitCode).toBe(0);
    const pattern =
      /split: the test would have detected a loss of ([\d.]+)% of any variation's subjects/;
    const loss = Number(pattern.exec(stdout.replaceAll(/\s+/g, " "))?.[1]) / 100;
    let found = 0;
    for (let i = 0; i < EXPERIMENTS; i++) {
      const all = simulated({ random, share: 0.5, subjects: 2_000 });
      const left = all.filter(({ variation }) => variation === "a" || random() >= loss);
      if ((await run(args, ndjson(left))).exitCode === 1) found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(0.8 * EXPERIMENTS);
  });
});
