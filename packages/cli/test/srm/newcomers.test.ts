import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Configuration, createClient } from "@sortition/core";
import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ndjson, run, tempFolder } from "../run.js";
import { RAMPED_VENDORS, type Ramped, type RampedVendor } from "./ramps.js";

const START_MS = Date.parse("2026-03-01T00:00:00Z");
const DAY_MS = 86_400_000;
const SUBJECTS = 2_500;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let folders = 0;

interface Ramp extends Pick<RampedVendor, "dialect" | "payloadOf"> {
  /** Each is in force for two days. No weekday occurs twice, because comparing weekdays takes most of the time. */
  readonly revisions: readonly Ramped[];
}

/** Subjects who visit on a random day, and again in each later period. They are logged once by each period's client. */
function logged(
  { dialect: dialectOf, payloadOf, revisions }: Ramp,
  lossOf: (variation: string, period: number) => number,
): { readonly folder: string; readonly rows: readonly object[] } {
  const folder = join(tempFolder(), `ramp-${folders++}`);
  mkdirSync(folder, { recursive: true });
  const rows: object[] = [];
  const random = seededRandom(1);
  let nowMs = 0;
  const clients = revisions.map((revision, period) => {
    const sinceMs = START_MS + 2 * period * DAY_MS;
    const path = join(folder, `${period}.json`);
    const text = JSON.stringify(payloadOf(revision, new Date(sinceMs).toISOString()));
    writeFileSync(path, text);
    utimesSync(path, sinceMs / 1_000, sinceMs / 1_000);
    const dialect = dialectOf();
    const initialConfiguration = Configuration.from({ dialect, payloads: { flags: text } });
    return createClient({
      ...{ dialect, initialConfiguration, diagnostics: SILENT, clock: { now: () => nowMs } },
      assignmentLogger: {
        logAssignment: (event) => {
          if (random() >= lossOf(`${event.variation}`, period)) rows.push(event);
        },
      },
    });
  });
  for (let i = 0; i < SUBJECTS; i++) {
    const subjectKey = `user-1-${i}`;
    const from = Math.floor(random() * revisions.length);
    for (let period = from; period < revisions.length; period++) {
      nowMs = START_MS + (2 * period + 0.5 + random()) * DAY_MS;
      const question = { flagKey: "checkout", subjectKey, subjectAttributes: { id: subjectKey } };
      clients[period]?.evaluate({ ...question, defaultValue: null });
    }
  }
  return { folder, rows };
}

/** The verdicts on a ramp whose last period loses this fraction of one variation, with each of these options. */
async function verdictsOf(
  ramp: Ramp,
  loss: number,
  options: readonly (readonly string[])[] = [[]],
) {
  const last = ramp.revisions.length - 1;
  const lossOf = (variation: string, period: number): number => {
    return /^[b1]$/.test(variation) && period === last ? loss : 0;
  };
  const { folder, rows } = logged(ramp, lossOf);
  const dialect = ramp.dialect().name;
  const args = ["srm", "-", "--history", folder, "--dialect", dialect, "--json"];
  const lines = ndjson(rows);
  const verdicts = [];
  for (const more of options) {
    const { exitCode, stdout } = await run([...args, ...more], lines);
    const { parts, periods, verdict } = JSON.parse(stdout.trim());
    const problems: readonly (string | null)[] = periods.map(
      (it: { readonly problem: string | null }) => it.problem,
    );
    verdicts.push({ exitCode, parts, problems, verdict });
  }
  return verdicts;
}

const UNEVEN = { coverage: 0.2, weights: [0.9, 0.1] };
const RAMPS: readonly { readonly what: string; readonly revisions: readonly Ramped[] }[] = [
  {
    what: "coverage and weights together",
    revisions: [UNEVEN, { coverage: 1, weights: [0.5, 0.5] }],
  },
  {
    what: "coverage and weights twice",
    revisions: [
      UNEVEN,
      { coverage: 0.6, weights: [0.7, 0.3] },
      { coverage: 1, weights: [0.5, 0.5] },
    ],
  },
  {
    what: "three weights",
    revisions: [
      { coverage: 0.3, weights: [0.8, 0.1, 0.1] },
      { coverage: 0.9, weights: [0.2, 0.4, 0.4] },
    ],
  },
  {
    what: "coverage alone",
    revisions: [
      { coverage: 0.2, weights: [0.5, 0.5] },
      { coverage: 1, weights: [0.5, 0.5] },
    ],
  },
  {
    what: "weights alone",
    revisions: [
      { coverage: 1, weights: [0.9, 0.1] },
      { coverage: 1, weights: [0.5, 0.5] },
    ],
  },
];
/** The long test has all pairs, and a part has one ramp for each vendor but PostHog, whose ramp Eppo has. */
const CASES = RAMPED_VENDORS.flatMap((vendor, i) => {
  const ramps = RAMPS.filter(
    (_, j) => isWhole || (j === i % RAMPS.length && vendor.name !== "posthog"),
  );
  return ramps.map((ramp) => {
    const coverages = new Set(ramp.revisions.map((it) => it.coverage));
    return { ...vendor, ...ramp, problem: coverages.size > 1 ? vendor.problem : null };
  });
});

describe("srm --history after a ramp", () => {
  it.each(CASES)("finds no mismatch in right rows: $name, $what", async (ramp) => {
    const problems = ramp.revisions.map((_, i) => (i === 0 ? null : ramp.problem));
    const right = { exitCode: 0, parts: [], problems, verdict: "none" };
    expect(await verdictsOf(ramp, 0)).toEqual([right]);
  });

  it.each(CASES.filter((it) => it.problem === null).filter((_, i) => isWhole || i === 0))(
    "finds a loss in the last period: $name, $what",
    async (ramp) => {
      const found = { exitCode: 1, verdict: "mismatch" };
      const verdicts = await verdictsOf(ramp, 0.7, [[], ["--always-valid"]]);
      expect(verdicts).toMatchObject([found, found]);
    },
  );

  it("has no verdict on a period whose newcomers cannot be told from subjects that were left out", async () => {
    const growthbook = RAMPED_VENDORS.find(({ name }) => name === "growthbook") as RampedVendor; // see the table
    const [verdict] = await verdictsOf(
      {
        ...growthbook,
        revisions: [UNEVEN, { coverage: 1, weights: [0.5, 0.5] }],
        payloadOf(ramped, time) {
          const payload = JSON.stringify(growthbook.payloadOf(ramped, time));
          const condition = '"condition":{"id":{"$exists":true}},"coverage":1,';
          return JSON.parse(payload.replace('"coverage":1,', condition));
        },
      },
      0,
    );
    expect(verdict?.problems[1]).toBe(
      "the rules changed together with the split, so the rows do not show whom earlier revisions left out",
    );
  });
});
