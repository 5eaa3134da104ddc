import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";
import { shareText } from "../text/values.js";
import { hashKey, type KeyHash, NO_KEY } from "./key-hash.js";

export const SAMPLE_OPTION: CommandOption = {
  name: "sample",
  value: "P%",
  help: ["only so many of the subjects, chosen by a hash of their keys, with all of their rows"],
};

/**
 * The part of the subjects that is asked for, 0 … 1; `null`: all.
 *
 * @throws UsageError
 */
export function sampleOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const percent = /^\d+(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (percent > 0 && percent <= 100) return percent / 100;
  throw new UsageError(`--sample: expected a part such as 10%, got ${text}`);
}

/** What a sample is, in a sentence for people; nothing for all. */
export function sampleFacts(sample: number | null): readonly string[] {
  if (sample === null) return [];
  return [
    `sample: ${shareText(sample)} of the subjects, by a hash of their keys; all numbers are of these`,
  ];
}

const hash: KeyHash = { ...NO_KEY };

/** Whether a subject is in the sample. All its rows are, or none is. */
export function isSampled(subjectKey: string, sample: number | null): boolean {
  if (sample === null) return true;
  hashKey(subjectKey, NO_KEY, hash);
  return hash.high < sample * 2 ** 32;
}
