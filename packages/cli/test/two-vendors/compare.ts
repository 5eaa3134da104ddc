import { expect } from "vitest";
import { type Run, run, tempFile } from "../run.js";
import { payloadOf, type Twin, type TwinDialect } from "./twins.js";

/** The `--json` output for a pair of flags. */
export interface Report {
  readonly flag: string;
  readonly newFlag: string;
  readonly onlyIn?: "old" | "new";
  readonly total: number;
  readonly differ: number;
  readonly reshuffled: number;
  readonly notMeasured: string | null;
  readonly lacking: Readonly<Record<string, number>>;
  readonly undecided: readonly { readonly reason: string; readonly count: number }[];
  readonly differences: readonly {
    readonly old: string;
    readonly new: string;
    readonly moved: number;
    readonly example: Example | null;
  }[];
  readonly splits: readonly {
    readonly old: string;
    readonly new: string;
    readonly verdict: string;
    readonly count: number;
    readonly moved: number;
    readonly example: Example | null;
  }[];
}

interface Example {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly hidden: readonly string[];
}

const NOW = "2026-02-01T12:00:00.000Z";

/** How {@link compare} runs the command. */
export interface CompareOptions {
  /** Further command-line arguments. */
  readonly more?: readonly string[];
  readonly input?: string;
  /** Changes the payload of OLD. */
  readonly edit?: (payload: string) => string;
}

/** Writes flags for both sides, and runs `sortition diff`. */
export async function compare(
  [old, now]: readonly [TwinDialect, TwinDialect],
  [oldFlags, newFlags]: readonly [readonly Twin[], readonly Twin[]],
  { edit = (payload) => payload, input = "", more = [] }: CompareOptions = {},
): Promise<Run> {
  const oldPath = tempFile("old.json", edit(payloadOf(old, oldFlags)));
  const newPath = tempFile("new.json", payloadOf(now, newFlags));
  const dialects = ["--dialect", old, "--dialect-new", now];
  return await run(["diff", oldPath, newPath, ...dialects, "--now", NOW, ...more], input);
}

/** Parses the reports of a run with `--json`, by the flag's key. */
export function reportsOf(stdout: string): ReadonlyMap<string, Report> {
  const reports = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Report);
  return new Map(reports.map((report) => [report.flag, report]));
}

/** Expects that subjects get the same values, except for subjects that the hash moves within a split. */
export function expectOnlySplits(reports: ReadonlyMap<string, Report>): void {
  for (const report of reports.values()) {
    expect({ ...report, splits: [] }).toMatchObject({ differ: 0, differences: [], undecided: [] });
    for (const { verdict } of report.splits)
      expect(verdict).toMatch(/^shares-agree$|^nobody-moves$/);
  }
}
