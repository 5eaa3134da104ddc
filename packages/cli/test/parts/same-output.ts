import { gzipSync } from "node:zlib";
import { seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { changed, type GeneratedFlag, generatedFlags } from "../generated/flags.js";
import { ndjson, type Run, run, runProgram, tempFile } from "../run.js";

/** A command, and its arguments for an input with the given number of rows. */
export interface Threaded {
  readonly name: string;
  readonly args: (rows: number) => readonly string[];
}

const [eppo] = GENERATED_DIALECTS;
const NATIONS = ["DK", "SE", "DE", "FR"];

/** Pads rows when there are few of them, so that even a small input fills several work units. */
function paddingOf(rows: number): string {
  return "x".repeat(rows > 10_000 ? 10 : 800);
}

/** Two configurations whose experiments include all subjects. The second one changes the traffic. */
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

/** Exposures with repeated subjects and messages. One in 50 cannot be read, and half have the wrong variation. */
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

/**
 * Compresses lines with Windows line ends, no final line end, and multi-byte characters, so that chunk boundaries
 * fall inside both.
 */
function compressed(lines: string): Buffer {
  return gzipSync(lines.replaceAll("x", "é").replaceAll("\n", "\r\n").trimEnd());
}

/** CSV with line breaks inside fields. */
function subjects(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const attributes = JSON.stringify({ nation: NATIONS[i % 4], note: "" });
    const padding = `"two\nlines ${paddingOf(rows)}"`;
    if (i % 60 === 9) return `user-${i},short`;
    return `user-${i},"${attributes.replaceAll('"', '""')}",${padding}`;
  });
  return ["subjectKey,subjectAttributes,padding", ...lines].join("\r\n");
}

/** The commands that split their rows among threads. */
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

/** Requests of which one in 50 cannot be read, and one in 70 names an unknown flag. */
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

/**
 * Runs a command in this process with one thread, and the built program with these options, and expects the same
 * output.
 */
export async function expectSameOutput(
  { args }: Threaded,
  rows: number,
  more: readonly string[],
): Promise<Run> {
  const given = args(rows);
  const alone = await run([...given, "--threads", "1"]);
  expect(alone.stderr).toContain("line 1");
  expect(alone.stderr).toContain("lines could not be read");
  expect(await runProgram([...given, ...more])).toEqual(alone);
  return alone;
}
