import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isInPart } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preloadWith } from "./preload.js";
import { recordSituation, type Situation } from "./situation.js";

/** Recorded situations of one group, which share a file. */
export interface RecordingsSuite {
  /** Path of the file. */
  readonly file: string;
  readonly situations: readonly Situation[];
  /** Replaces the parts of a line that differ between runs or machines. */
  readonly normalise?: (line: string) => string;
  /**
   * Whether to wait for compression and encryption off the event loop, which is slower. Default:
   * true.
   */
  readonly waitsForThreads?: boolean;
  /**
   * Loads whatever the package loads lazily, such as undici, by a first request in real time, which
   * gets a 404. It must leave nothing behind except loaded modules. Afterwards, the first situation
   * is run once without being recorded.
   */
  readonly preload?: () => Promise<unknown>;
  /** Whether a part has one situation of four. Default: false. */
  readonly isLong?: boolean;
}

const isUpdate = process.env["UPDATE_RECORDINGS"] === "1";
const HEADING = "# ";

/**
 * Declares a test for each situation, which compares it with its section of the file. With
 * `UPDATE_RECORDINGS=1` in the environment, the file is written instead.
 */
export function describeRecordings(group: string, suite: RecordingsSuite): void {
  const { file, isLong = false, normalise, preload, situations, waitsForThreads } = suite;
  describe(`requests and log lines: ${group}`, () => {
    const recorded = isUpdate ? new Map<string, string>() : partsOf(file);
    const played = new Map<string, string>();

    beforeAll(async () => {
      if (preload !== undefined) await preloadWith(preload);
      if (situations[0] !== undefined) await recordSituation(situations[0]);
    });

    const tried = situations.filter((_, i) => !isLong || isUpdate || isInPart(i));
    it.each(tried)("$name", async (situation) => {
      const text = await recordSituation(situation, normalise, waitsForThreads);
      played.set(situation.name, text);
      if (!isUpdate) expect(text).toBe(recorded.get(situation.name));
    });

    it("has no recording without a situation", () => {
      const names = situations.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      if (!isUpdate) expect([...recorded.keys()]).toEqual(names);
    });

    afterAll(() => {
      if (!isUpdate || played.size < situations.length) return;
      const text = [...played].map(([name, part]) => `${HEADING}${name}\n${part}`).join("\n");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    });
  });
}

/**
 * Returns the sections of a file by their headings.
 *
 * @throws {Error} if the file does not exist
 */
export function partsOf(file: string): Map<string, string> {
  if (!existsSync(file)) throw new Error(`${file}: no such file. UPDATE_RECORDINGS=1 creates it`);
  const parts = `\n${readFileSync(file, "utf8")}`.split(`\n${HEADING}`).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}
