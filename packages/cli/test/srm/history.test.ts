import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { seededRandom } from "@sortition/proof";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, run, tempFile } from "../run.js";
import { experimentConfig } from "./simulated.js";

/** The share of `a` in four revisions. The third changes nothing. Two changes are in the nights in which clocks change. */
const REVISIONS = [
  { share: 0.9, since: "2026-03-01T00:00:00.000Z" },
  { share: 0.5, since: "2026-03-29T00:30:00.000Z" },
  { share: 0.5, since: "2026-07-01T00:00:00.000Z" },
  { share: 0.2, since: "2026-10-25T01:30:00.000Z" },
] as const;
const END_MS = Date.parse("2026-11-20T00:00:00Z");
const HOUR_MS = 3_600_000;

const CHANGES = REVISIONS.map(({ since }) => Date.parse(since));
const CONFIGS = REVISIONS.map(({ share, since }) => experimentConfig(share, since));
const CLIENTS = CONFIGS.map((config) => {
  const payloads = { flags: JSON.stringify(config) };
  const initialConfiguration = Configuration.from({ dialect: eppo(), payloads });
  return createClient({ initialConfiguration, assignmentLogger: null });
});

function folderOf(configs: readonly object[]): string {
  const folder = mkdtempSync(join(tempFile("in", ""), "..", "history-"));
  configs.forEach((config, i) => {
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(config));
  });
  return folder;
}

interface Row {
  readonly subject: string;
  readonly variation: string;
  readonly timeMs: number;
}

function variationAt(subject: string, timeMs: number): string {
  const revision = CHANGES.findLastIndex((since) => since <= timeMs);
  return CLIENTS[revision]?.getStringAssignment("checkout", subject, {}, "none") ?? "none";
}

/**
 * Exposures of an application that logs a subject again only if its variation changed, as SDKs do.
 *
 * @param isLost - selects the exposures that were lost.
 */
function exposures(isLost: (row: Row) => boolean = () => false): readonly Row[] {
  const random = seededRandom(7);
  const [startMs = 0] = CHANGES;
  const times = [
    ...Array.from({ length: 9_000 }, (_, i) => startMs + (i * (END_MS - startMs)) / 9_000),
    ...CHANGES.flatMap((ms) => Array.from({ length: 240 }, (_, i) => ms + (i - 120) * 45_000)),
  ];
  const last = new Map<string, string>();
  const rows: Row[] = [];
  for (const timeMs of times.filter((ms) => ms >= startMs).sort((a, b) => a - b)) {
    const returns = rows.length > 0 && random() < 0.3;
    const returning = rows[Math.floor(random() * rows.length)]?.subject;
    const subject = returns && returning !== undefined ? returning : `user-${rows.length}`;
    const row = { subject, timeMs, variation: variationAt(subject, timeMs) };
    if (last.get(subject) === row.variation) continue;
    last.set(subject, row.variation);
    if (!isLost(row)) rows.push(row);
  }
  return rows;
}

const BERLIN = new Intl.DateTimeFormat("sv-SE", {
  ...{ timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "medium" },
});

/** Local times in Berlin, without a zone. */
function table(rows: readonly Row[]): string {
  const lines = rows.map(({ subject, timeMs, variation }) =>
    ["checkout", "split", subject, variation, BERLIN.format(timeMs)].join(","),
  );
  return `${["featureFlag,allocation,subject,variation,timestamp", ...lines].join("\n")}\n`;
}

const RIGHT = exposures();
const RIGHT_TABLE = table(RIGHT);

function srm(input: string, ...more: readonly string[]) {
  return run(["srm", "-", "--zone", "Europe/Berlin", "--json", ...more], input);
}

interface PrintedPeriod {
  readonly from: string;
  readonly to: string | null;
  readonly subjects: number;
  readonly pValue: number;
  readonly problem: string | null;
}

/** The only line, which has the verdict over all periods. */
function verdictIn(stdout: string) {
  const [line = "", ...others] = stdout.trim().split("\n");
  expect(others).toEqual([]);
  const { parts, periods, verdict } = JSON.parse(line);
  const shown = (periods as readonly PrintedPeriod[]).map(({ from, pValue, subjects, to }) => {
    return { from, to, isMismatch: pValue < 0.001, hasSubjects: subjects > 500 };
  });
  return { parts, periods: shown, verdict };
}

const [, SECOND, , FOURTH] = REVISIONS;

describe("srm --history", () => {
  const folder = folderOf(CONFIGS);

  it("tests each period with the shares that were in force, across changes of the clocks", async () => {
    const { exitCode, stderr, stdout } = await srm(RIGHT_TABLE, "--history", folder);
    const common = { isMismatch: false, hasSubjects: true };
    const { parts, periods, verdict } = verdictIn(stdout);
    expect({ parts, verdict }).toEqual({ parts: [], verdict: "none" });
    expect(periods).toEqual([
      { from: REVISIONS[0].since, to: SECOND.since, ...common },
      { from: SECOND.since, to: FOURTH.since, ...common },
      { from: FOURTH.since, to: null, ...common },
    ]);
    expect(stderr).toMatch(/skipped \d+ rows near a change of the split\n/);
    expect(exitCode).toBe(0);
  });

  ifWhole(it)(
    "is red with the newest configuration alone, which was not in force before",
    async () => {
      const config = jsonFile("newest.json", CONFIGS[3]);
      expect((await srm(RIGHT_TABLE, "--config", config)).exitCode).toBe(1);
    },
  );

  it("finds the period in which an experiment was broken", async () => {
    const [, secondMs = 0, , fourthMs = 0] = CHANGES;
    let n = 0;
    const broken = exposures(({ timeMs, variation }) => {
      const isIn = timeMs >= secondMs && timeMs < fourthMs && variation === "b";
      return isIn && n++ % 4 === 0;
    });
    const input = table(broken);
    const { exitCode, stdout } = await srm(input, "--history", folder);
    const { parts, periods, verdict } = verdictIn(stdout);
    expect(periods.map(({ isMismatch }) => isMismatch)).toEqual([false, true, false]);
    expect(verdict).toBe("mismatch");
    expect(parts).toContainEqual(
      expect.objectContaining({ kind: "period", name: "2026-03-29T00:30Z to 2026-10-25T01:30Z" }),
    );
    expect(exitCode).toBe(1);
    const text = await run(["srm", "-", "--zone", "Europe/Berlin", "--history", folder], input);
    expect(text.stdout).toContain("\n  periods\n");
    expect(text.stdout.replaceAll(/\s+/g, " ")).toContain("2026-03-29T00:30Z to");
  });

  it("reads a history as replay does, which finds all exposures right", async () => {
    const args = ["replay", "-", "--zone", "Europe/Berlin", "--history", folder, "--json"];
    const { exitCode, stdout } = await run(args, RIGHT_TABLE);
    const { total } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect({ exitCode, right: total.right }).toEqual({ exitCode: 0, right: RIGHT.length });
  });

  ifWhole(it)("reports an unchanged split like one with a single configuration", async () => {
    const [, ...unchanged] = CONFIGS.slice(0, 3);
    const rows = RIGHT.filter(({ timeMs }) => timeMs >= Date.parse(SECOND.since) + HOUR_MS).filter(
      ({ timeMs }) => timeMs < Date.parse(FOURTH.since),
    );
    const { exitCode, stdout } = await srm(table(rows), "--history", folderOf(unchanged));
    expect(JSON.parse(stdout)).toMatchObject({ periods: [], subjects: expect.any(Number) });
    expect(exitCode).toBe(0);
  });

  it("tests rows of counts, and leaves out the day of a change", async () => {
    const days = new Map<string, number>();
    for (const { timeMs, variation } of RIGHT) {
      const day = `${new Date(timeMs).toISOString().slice(0, 10)},${variation}`;
      days.set(day, (days.get(day) ?? 0) + 1);
    }
    const rows = [...days].map(([day, n]) => `checkout,split,${day},${n}`);
    const input = `flag,allocation,day,variation,n\n${rows.join("\n")}\n`;
    const map = "flag=flag,allocation=allocation,variation=variation,count=n";
    const args = ["srm", "-", "--history", folder, "--json"];
    const { stderr, stdout } = await run([...args, "--map", `${map},time=day`], input);
    expect(verdictIn(stdout).periods).toHaveLength(3);
    expect(stderr).toContain("skipped 4 rows near a change of the split");
    const undated = await run([...args, "--map", map], input);
    expect(undated).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--history: rows with counts need a time"),
    });
  });

  it.each(["srm", "replay"].filter((_, i) => isInPart(i)))(
    "exits with 2 if there is no configuration before the first row: %s",
    async (command) => {
      const late = folderOf(CONFIGS.slice(1));
      const args = [command, "-", "--zone", "Europe/Berlin", "--history", late];
      const { exitCode, stderr, stdout } = await run(args, RIGHT_TABLE);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(
        `error: --history ${late}: the first exposure (2026-03-01) is older than the first configuration (${join(late, "0.json")}, in force since 2026-03-29T00:30Z). Add the configuration that was in force before\n`,
      );
      const [header = "", ...lines] = RIGHT_TABLE.trim().split("\n");
      const reversed = await run(args, [header, ...lines.reverse()].join("\n"));
      expect(reversed.exitCode).toBe(2);
      expect(reversed.stderr).toMatch(/ exposures are older than the first configuration \(/);
    },
  );
});
