import { ifWhole } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

/** An experiment, with its salt, the ends of its variations' ranges, and the number of shards with traffic. */
interface Experiment {
  readonly salt: string;
  readonly ends: readonly number[];
  readonly exposed: number;
}

const TOTAL = 10_000;
const EXPERIMENTS: readonly Experiment[] = Array.from({ length: 20 }, (_, i) => ({
  salt: `salt-${i}`,
  ends: i % 2 === 0 ? [1_000 + 100 * i, TOTAL] : [2_000, 3_000 + 100 * i, TOTAL],
  exposed: 4_000 + 100 * i,
}));
const SUBJECTS = tempFile(
  "migrated-subjects.ndjson",
  ndjson(Array.from({ length: 1_000 }, (_, i) => ({ subjectKey: `user-${i}` }))),
);

function fileOf(vendor: "eppo" | "datadog", experiments: readonly Experiment[]): string {
  const flags = experiments.map(({ ends, exposed, salt }, index) => {
    const shares = ends.map((end, i) => [`v${i}`, (end - (ends[i - 1] ?? 0)) / 100]);
    const place = { name: "experiment", salt, traffic: exposed / 100 };
    return splitFlag({ key: `experiment-${index}`, ...place, shares: Object.fromEntries(shares) });
  });
  return jsonFile(`${vendor}.json`, flagsPayload(vendor, flags));
}

/** Returns the output of the command in one line. */
async function compared(change: (it: Experiment) => Partial<Experiment>): Promise<string> {
  const copied = EXPERIMENTS.map((it) => ({ ...it, ...change(it) }));
  const files = [fileOf("eppo", EXPERIMENTS), fileOf("datadog", copied)];
  const { stdout } = await run(["diff", ...files, "--subjects", SUBJECTS]);
  return stdout.replaceAll(/\s+/g, " ");
}

function countOf(text: string, sentence: RegExp): number {
  return [...text.matchAll(sentence)].length;
}

describe("sortition diff of 20 flags that were copied from Eppo to Datadog", () => {
  it("reports that no subject moves with equal salts and shares", async () => {
    const text = await compared(() => ({}));
    const sentence = /The hashes agree: none of 1,000 subjects would change variation\./g;
    expect(countOf(text, sentence)).toBe(20);
  });

  ifWhole(it)("reports shares that were replaced by equal weights", async () => {
    const text = await compared(({ ends }) => ({
      ends: ends.map((_, i) => Math.round((TOTAL * (i + 1)) / ends.length)),
    }));
    expect(countOf(text, /The shares differ: \d+ of 1,000 subjects would change/g)).toBe(20);
    // The traffic of the experiment does not change.
    expect(countOf(text, /\(default\) ([\d.]+%) → \1/g)).toBe(20);
  });

  it("distinguishes a new salt from new shares", async () => {
    const text = await compared(({ salt }) => ({ salt: `${salt}-new` }));
    expect(countOf(text, /The shares agree, but \d+ of 1,000 subjects would change/g)).toBe(20);
  });

  ifWhole(it)("reports a missing traffic limit", async () => {
    const text = await compared(() => ({ exposed: TOTAL }));
    expect(countOf(text, /The shares differ: \d+ of 1,000 subjects would change/g)).toBe(20);
    expect(countOf(text, /\(default\) [\d.]+% → 0%/g)).toBe(20);
  });
});
