import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { seededRandom } from "@sortition/proof";
import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "../run.js";
import { type Logged, plantedEvents, REVISION_TIMES, revision } from "./planted.js";

const MINUTE_MS = 60_000;

function history(): string {
  const folder = mkdtempSync(join(tempFile("in", ""), "..", "times-"));
  for (const i of REVISION_TIMES.keys()) {
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(revision(i)));
  }
  return folder;
}

/** Right exposures of three days, in order of time. */
function inOrder(events: number): Logged[] {
  const revisions = REVISION_TIMES.map((_, i) =>
    Configuration.from({ dialect: eppo(), payloads: { flags: JSON.stringify(revision(i)) } }),
  );
  return [...plantedEvents({ random: seededRandom(3), events, ofEach: 0, revisions })];
}

/** Moves the exposure at an index to another time. */
function moved(events: readonly Logged[], index: number, ms: number): Logged[] {
  return events.map((event, i) =>
    i === index ? { ...event, timestamp: new Date(ms).toISOString() } : event,
  );
}

async function replay(events: readonly object[], ...more: readonly string[]) {
  const { exitCode, stderr, stdout } = await run(["replay", "-", ...more], ndjson(events));
  return { exitCode, stderr, stdout };
}

async function reported(events: readonly object[], ...more: readonly string[]) {
  const { exitCode, stdout } = await replay(events, "--json", ...more);
  return { exitCode, ...JSON.parse(stdout.split("\n").at(-2) ?? "") };
}

describe("the times of exposures", () => {
  const events = inOrder(3_000);

  it("from a clock that is a year ahead are counted, and no others", async () => {
    const ahead = moved(events, 7, Date.now() + 365 * 24 * 60 * MINUTE_MS);
    const report = await reported(ahead, "--history", history(), "--max-wrong", "1");
    expect(report).toMatchObject({ exitCode: 0, outOfOrder: 0, outOfTime: 1 });
    const { from, to } = report.outOfTimeSpan;
    expect([from, to]).toEqual([ahead[7]?.["timestamp"], ahead[7]?.["timestamp"]]);
  });

  ifWhole(it)(
    "from one wrong clock among 100,000 do not make the others out of order",
    async () => {
      const [event] = events.slice(0, 1) as [Logged];
      const startMs = Date.parse(String(event["timestamp"]));
      const lines = Array.from({ length: 100_000 }, (_, i) => ({
        ...event,
        messageId: `m${i}`,
        timestamp: new Date(
          i === 6 ? Date.now() + 30 * 24 * 60 * MINUTE_MS : startMs + i,
        ).toISOString(),
      }));
      const report = await reported(lines, "--history", history());
      expect(report).toMatchObject({ outOfOrder: 0, outOfTime: 1, duplicates: 0 });
    },
  );

  it("before the first revision are counted, judged, and reported with their span", async () => {
    const [first = 0] = REVISION_TIMES;
    const early = moved(moved(events, 5, first - MINUTE_MS), 6, first - 3 * MINUTE_MS);
    const args = ["--history", history()];
    const { total, ...report } = await reported(early, ...args);
    expect(report).toMatchObject({ exitCode: 0, outOfOrder: 0, outOfTime: 2 });
    expect(total.right).toBe(events.length);
    const { stdout } = await replay(early, ...args);
    expect(stdout).toContain(
      "\n2 exposures are outside the valid time range: 2026-01-31T23:57Z to\n  2026-01-31T23:59Z\n",
    );
  });

  it("have no earliest valid time with a single configuration", async () => {
    const config = jsonFile("flags.json", revision(0));
    const before = moved(events.slice(0, 100), 0, 0);
    const report = await reported(before, "--config", config);
    expect(report).toMatchObject({ outOfTime: 0, outOfTimeSpan: null });
  });

  it("are valid up to an hour ahead, or up to --until", async () => {
    const soon = moved(events, 7, Date.now() + 59 * MINUTE_MS);
    const args = ["--history", history()];
    expect(await reported(soon, ...args)).toMatchObject({ outOfOrder: 1, outOfTime: 0 });
    const until = ["--until", "2026-02-03T12:00:00Z"];
    const half = events.filter(({ timestamp }) => String(timestamp) > "2026-02-03T12:00:00Z");
    expect(await reported(events, ...args, ...until)).toMatchObject({ outOfTime: half.length });
  });

  it("are compared with the preceding exposure, not with the latest time so far", async () => {
    const [first, second, third, ...others] = events.slice(0, 20);
    const shuffled = [third, first, second, ...others] as Logged[];
    const report = await reported(shuffled, "--history", history());
    expect(report).toMatchObject({ outOfOrder: 1, outOfTime: 0 });
  });

  it("rejects an --until that is not a time", async () => {
    const config = jsonFile("flags.json", revision(0));
    const { exitCode, stderr } = await replay([], "--config", config, "--until", "soon");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--until: not a time: "soon"');
  });
});
