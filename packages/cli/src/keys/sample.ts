import { shareText } from "@sortition/core/dialect-internal";
import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";
import { hashKey, type KeyHash, NO_KEY } from "./key-hash.js";

/** Options that select a part of the subjects. */
export const SAMPLE_OPTIONS: readonly CommandOption[] = [
  {
    name: "sample",
    value: "P%",
    help: ["read only this percentage of the subjects, selected by a hash of their keys"],
  },
  {
    name: "part",
    value: "I/N",
    help: [
      "read only part I of N of the subjects; the same hash assigns each subject to one part. Add up the",
      "counts of all parts",
    ],
  },
];

/** Selects the subjects whose hashes are in `[from, to)`, on a scale from 0 to 1. */
export interface Sample {
  readonly from: number;
  readonly to: number;
  /** Description for messages. */
  readonly name: string;
  /** Whether the other subjects are read too, as other parts. */
  readonly isPart: boolean;
}

/**
 * Returns the requested sample; `null` if all subjects are read.
 *
 * @throws UsageError
 */
export function sampleOf(given: ReadonlyMap<string, string>): Sample | null {
  const [percentage, part] = [given.get("sample"), given.get("part")];
  if (percentage !== undefined && part !== undefined) {
    throw new UsageError("--sample and --part cannot be combined");
  }
  if (part !== undefined) return partOf(part);
  return percentage === undefined ? null : sampleOfPercentage(percentage);
}

function sampleOfPercentage(text: string): Sample {
  const percent = /^\d+(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (percent > 0 && percent <= 100) {
    const name = `sample: ${shareText(percent / 100)}`;
    return { from: 0, to: percent / 100, name, isPart: false };
  }
  throw new UsageError(`--sample: expected a percentage such as 10%, got ${text}`);
}

function partOf(text: string): Sample {
  const [, i = 0, n = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (i >= 1 && i <= n && Number.isSafeInteger(n)) {
    return { from: (i - 1) / n, to: i / n, name: `part ${i} of ${n}`, isPart: true };
  }
  throw new UsageError(`--part: expected a part and the number of parts, such as 3/8, got ${text}`);
}

/** Describes a sample; empty if all subjects are read. */
export function sampleFacts(sample: Sample | null): readonly string[] {
  if (sample === null) return [];
  const { isPart, name } = sample;
  const numbers = isPart ? "Add up the counts of all parts" : "All numbers refer to this selection";
  return [`${name} of the subjects, selected by a hash of their keys. ${numbers}`];
}

const hash: KeyHash = { ...NO_KEY };

/** Whether a subject, and thereby all its rows, is in the sample. */
export function isSampled(subjectKey: string, sample: Sample | null): boolean {
  if (sample === null) return true;
  hashKey(subjectKey, NO_KEY, hash);
  return hash.high >= sample.from * 2 ** 32 && hash.high < sample.to * 2 ** 32;
}
