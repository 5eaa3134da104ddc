import { shareText } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";
import { hashKey, type KeyHash, NO_KEY } from "./key-hash.js";

/** Options that leave subjects out. */
export const SAMPLE_OPTIONS: readonly CommandOption[] = [
  {
    name: "sample",
    value: "P%",
    help: ["judge only this percentage of the subjects, chosen by a hash of their keys"],
  },
  {
    name: "part",
    value: "I/N",
    help: [
      "judge only part I of N of the subjects; the same hash assigns each subject to one part",
    ],
  },
];

/** Subjects whose keys have a hash in `[from, to)`, where all are `[0, 1)`. */
export interface Sample {
  readonly from: number;
  readonly to: number;
  /** What it is, for people. */
  readonly name: string;
}

/**
 * The requested sample; `null` if all subjects are read.
 *
 * @throws UsageError
 */
export function sampleOf(given: ReadonlyMap<string, string>): Sample | null {
  const [percentage, part] = [given.get("sample"), given.get("part")];
  if (percentage !== undefined && part !== undefined) {
    throw new UsageError("--sample and --part: parts are of all subjects");
  }
  if (part !== undefined) return partOf(part);
  return percentage === undefined ? null : sampleOfPercentage(percentage);
}

function sampleOfPercentage(text: string): Sample {
  const percent = /^\d+(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (percent > 0 && percent <= 100) {
    return { from: 0, to: percent / 100, name: `sample: ${shareText(percent / 100)}` };
  }
  throw new UsageError(`--sample: expected a part such as 10%, got ${text}`);
}

function partOf(text: string): Sample {
  const [, i = 0, n = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (i >= 1 && i <= n && Number.isSafeInteger(n)) {
    return { from: (i - 1) / n, to: i / n, name: `part ${i} of ${n}` };
  }
  throw new UsageError(
    `--part: expected the number of a part and of all, such as 3/8, got ${text}`,
  );
}

/** What a sample is, in a sentence for people; nothing for all. */
export function sampleFacts(sample: Sample | null): readonly string[] {
  if (sample === null) return [];
  return [`${sample.name} of the subjects, by a hash of their keys; all numbers are of these`];
}

const hash: KeyHash = { ...NO_KEY };

/** Whether a subject is in the sample. All its rows are, or none is. */
export function isSampled(subjectKey: string, sample: Sample | null): boolean {
  if (sample === null) return true;
  hashKey(subjectKey, NO_KEY, hash);
  return hash.high >= sample.from * 2 ** 32 && hash.high < sample.to * 2 ** 32;
}
