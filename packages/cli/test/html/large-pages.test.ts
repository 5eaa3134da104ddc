import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { htmlOf } from "../../src/analysis/render-html.js";
import type { FlagDiff } from "../../src/diff/flag-diff.js";
import { diffReport } from "../../src/diff/report.js";
import { PLAIN_EXPOSURE } from "../../src/events/exposure-row.js";
import type { PageSource } from "../../src/html/about.js";
import { replayReport } from "../../src/replay/report.js";
import { Summary } from "../../src/replay/summary.js";
import { srmReport } from "../../src/srm/report.js";
import type { ExperimentVerdict } from "../../src/srm/verdict.js";

const MAX_BYTES = 2_000_000;
const KEYS = Array.from({ length: 10_000 }, (_, i) => `a-flag-with-a-name-of-usual-length-${i}`);

function flagDiff(key: string): FlagDiff {
  const cell = { before: "off", after: "on", count: 10, moved: 10, examples: [] };
  return {
    key,
    before: null,
    after: null,
    change: "changed",
    unmeasured: null,
    changes: [
      {
        ...{ aspect: "traffic", allocation: "half", variation: null },
        ...{ before: "on: 50%", after: "on: 60%", text: "on: 50% → on: 60%", removesValue: false },
      },
    ],
    movement: {
      source: "subjects",
      total: 100,
      undecided: 0,
      undecidedBy: null,
      lacking: new Map(),
      moved: 10,
      cells: [cell],
      whys: new Map([["traffic", 10]]),
    },
  };
}

function verdict(flag: string): ExperimentVerdict {
  return {
    flag,
    allocation: "half",
    experiment: null,
    rowsPerSubject: new Map(),
    exposures: 100,
    subjects: 100,
    verdict: "none",
    problem: null,
    counts: new Map([
      ["on", 50],
      ["off", 50],
    ]),
    shares: new Map([
      ["on", 0.5],
      ["off", 0.5],
    ]),
    test: {
      pValue: 0.5,
      method: "exact",
      effect: 0,
      largest: { variation: "on", difference: 0 },
      lnBayesFactor: 0,
    },
    isCertain: false,
    certainSince: null,
    cause: null,
    differing: [],
    compared: 0,
    days: [],
    values: [],
    parts: [],
    pooled: [],
    periods: [],
    unknownVariations: new Map(),
  };
}

function summary(): Summary {
  const made = new Summary({ fromMs: 0, toMs: Number.POSITIVE_INFINITY, publishedMs: null });
  const common = { ...PLAIN_EXPOSURE, allocation: null, attributes: {}, experiment: null };
  for (const [i, flag] of KEYS.entries()) {
    const subject = `subject-${i}`;
    const event = {
      ...common,
      flag,
      subject,
      variation: "a",
    };
    made.add({ ...event, timeMs: 1_770_000_000_000 }, i % 2 === 0 ? "right" : "wrong-variation");
  }
  return made;
}

const SOURCE: PageSource = {
  command: "srm",
  dialect: "eppo",
  configurations: Array.from({ length: 7 }, (_, i) => ({ name: `${i}.json`, revision: "0" })),
  input: { kind: "Exposures", name: "events.ndjson" },
  times: null,
  unread: 0,
  unjudged: 0,
  options: "",
  writtenAtMs: 0,
};

describe("the HTML page of 10,000 flags", () => {
  const about = { facts: [], showsSubjects: null, source: SOURCE };
  it.each(
    [
      {
        name: "diff",
        page: () => htmlOf(diffReport(KEYS.map(flagDiff), null, []), about),
        noun: "rows",
      },
      {
        name: "replay",
        page: () => htmlOf(replayReport(summary(), [], ""), about),
        noun: "rows",
      },
      {
        name: "srm",
        page: () =>
          htmlOf(
            srmReport(KEYS.map(verdict), {
              isDaily: false,
              isAlwaysValid: false,
              failsOnParts: false,
            }),
            about,
          ),
        noun: "rows",
      },
    ].filter((_, i) => isInPart(i)),
  )("of $name has at most 2 MB, and counts what it omits", ({ name, noun, page }) => {
    const html = page();
    expect(Buffer.byteLength(html)).toBeLessThan(MAX_BYTES);
    const lefts = [...html.matchAll(new RegExp(`([\\d,]+) ${noun} not shown`, "g"))];
    const counted = name === "diff" ? lefts.slice(0, 1) : lefts;
    const left = counted.reduce((sum, [, n = ""]) => sum + Number(n.replaceAll(",", "")), 0);
    const shown = new Set(html.match(/(?<=>)a-flag-[^<,]*/g));
    expect(left).toBe(KEYS.length - shown.size);
    expect(shown.size).toBeGreaterThan(1_000);
  });
});
