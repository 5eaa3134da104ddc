import { gzipSync } from "node:zlib";
import { seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { changed, type GeneratedFlag, generatedFlags } from "../generated/flags.js";
import { ndjson, type Run, run, runProgram, tempFile } from "../run.js";

/** A command whose input has so many rows. */
export interface Threaded {
  readonly name: string;
  readonly args: (rows: number) => readonly string[];
}

const [eppo] = GENERATED_DIALECTS;
const NATIONS = ["DK", "SE", "DE", "FR"];

/** Few rows are long, so that there are several packs of them. */
function paddingOf(rows: number): string {
  return "x".repeat(rows > 10_000 ? 10 : 800);
}

/** Flags of which everybody is in the experiment. */
export function files(): { readonly old: string; readonly now: string } {
  const random = seededRandom(11);
  const flags = generatedFlags(random, 3).map((flag) => ({ ...flag, traffic: 100 }));
  const configOf = (them: readonly GeneratedFlag[]): string => JSON.stringify(eppo?.configOf(them));
  return {
    old: tempFile("threads-old.json", configOf(flags)),
    now: tempFile(
      "threads-new.json",
      configOf(flags.map((flag) => changed(flag, "traffic", random))),
    ),
  };
}

/** Exposures, of which one in 50 cannot be read, and half are wrong; with repeated subjects and messages. */
function exposures(rows: number): string {
  const random = seededRandom(12);
  const events = Array.from({ length: rows }, (_, i) => ({
    featureFlag: `flag-${i % 3}`,
    allocation: "split",
    variation: random() < 0.5 ? "a" : "b",
    subject: `user-${Math.floor(random() * rows)}`,
    timestamp: i % 50 === 7 ? "yesterday" : 1_770_000_000_000 + Math.floor(random() * 3e8),
    subjectAttributes: { nation: NATIONS[i % 4] },
    messageId: `m-${Math.floor(random() * rows * 5)}`,
    padding: paddingOf(rows),
  }));
  return ndjson(events);
}

/** Compressed, with the line ends of Windows but for the last line, and characters of several bytes: pieces end inside of both. */
function compressed(lines: string): Buffer {
  return gzipSync(lines.replaceAll("x", "é").replaceAll("\n", "\r\n").trimEnd());
}

/** CSV with line breaks inside of fields. */
function subjects(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const attributes = JSON.stringify({ nation: NATIONS[i % 4], note: "" });
    const padding = `"two\nlines ${paddingOf(rows)}"`;
    if (i % 60 === 9) return `user-${i},short`;
    return `user-${i},"${attributes.replaceAll('"', '""')}",${padding}`;
  });
  return ["subjectKey,subjectAttributes,padding", ...lines].join("\r\n");
}

/** Commands that read rows. */
export const THREADED: readonly Threaded[] = [
  {
    name: "replay",
    args: (rows) => {
      const path = tempFile("threads-events.ndjson.gz", compressed(exposures(rows)));
      return ["replay", path, "--config", files().old, "--list", "--show-subjects"];
    },
  },
  {
    name: "srm",
    args: (rows) => {
      const path = tempFile("threads-events.ndjson", exposures(rows));
      return ["srm", path, "--config", files().old, "--by", "nation", "--json"];
    },
  },
  {
    name: "diff",
    args: (rows) => {
      const path = tempFile("threads-subjects.csv", subjects(rows));
      const { now, old } = files();
      return ["diff", old, now, "--subjects", path, "--list", "--show-subjects", "--json"];
    },
  },
];

/** Requests, of which one in 50 cannot be read, and one in 70 is for a flag that does not exist. */
export function requests(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    if (i % 50 === 7) return "{ not JSON";
    const flag = i % 70 === 3 ? "missing" : `flag-${i % 3}`;
    const subjectAttributes = { nation: NATIONS[i % 4], note: paddingOf(rows) };
    const request = {
      id: `r-${i}`,
      flag,
      type: "string",
      default: "none",
      subjectKey: `user-${i}`,
    };
    return JSON.stringify({ ...request, subjectAttributes });
  });
  return lines.join("\r\n");
}

/** Runs a command in one thread, and by the built program with these options. */
export async function expectSameOutput(
  { args }: Threaded,
  rows: number,
  more: readonly string[],
): Promise<Run> {
  const given = args(rows);
  const alone = await run([...given, "--threads", "1"]);
  expect(alone.stderr).toContain("line 1");
  expect(alone.stderr).toContain("lines could not be used");
  expect(await runProgram([...given, ...more])).toEqual(alone);
  return alone;
}
