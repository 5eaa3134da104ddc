import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Configuration, createClient } from "@sortition/core";
import { growthbook } from "@sortition/growthbook/dialect";
import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { run, tempFolder } from "../run.js";

const START_MS = Date.parse("2026-03-01T00:00:00Z");
const DAY_MS = 86_400_000;

interface Ramped {
  readonly coverage: number;
  readonly weights: readonly number[];
  readonly condition?: object;
}

/** A revision of a GrowthBook experiment, in force since this day. */
function revisionOf({ condition, coverage, weights }: Ramped, day: number): object {
  const rule = {
    ...{ key: "split", variations: ["a", "b", "c"].slice(0, weights.length), weights, coverage },
    ...{ hashAttribute: "id", hashVersion: 2, ...(condition && { condition }) },
  };
  const dateUpdated = new Date(START_MS + day * DAY_MS).toISOString();
  return { dateUpdated, features: { checkout: { defaultValue: "none", rules: [rule] } } };
}

let folders = 0;

/** Subjects who visit on a random day of the periods, and possibly again. They are logged once by each period's client. */
function ramp(
  revisions: readonly Ramped[],
  lossOf: (variation: string, period: number) => number,
  seed: number,
  subjects = 3_000,
): { readonly folder: string; readonly rows: readonly string[] } {
  const folder = join(tempFolder(), `ramp-${folders++}`);
  mkdirSync(folder, { recursive: true });
  const clients = revisions.map((revision, i) => {
    const text = JSON.stringify(revisionOf(revision, 7 * i));
    writeFileSync(join(folder, `${i}.json`), text);
    const initialConfiguration = Configuration.from({
      dialect: growthbook(),
      payloads: { flags: text },
    });
    return createClient({ initialConfiguration, assignmentLogger: null });
  });
  const random = seededRandom(seed);
  const rows: string[] = [];
  for (let i = 0; i < subjects; i++) {
    const id = `user-${seed}-${i}`;
    const arrivesIn = Math.floor(random() * revisions.length);
    let last = "none";
    for (let period = arrivesIn; period < revisions.length; period++) {
      const value =
        clients[period]?.getStringAssignment("checkout", id, { id, country: "x" }, "none") ??
        "none";
      if (value === "none" || value === last || random() < lossOf(value, period)) continue;
      last = value;
      const time = new Date(START_MS + (7 * period + 1 + 5 * random()) * DAY_MS).toISOString();
      rows.push([id, time, "split", value === "a" ? 0 : value === "b" ? 1 : 2, "x"].join(","));
    }
  }
  return { folder, rows };
}

async function srm({ folder, rows }: ReturnType<typeof ramp>, ...more: readonly string[]) {
  const header = "user_id,timestamp,experiment_id,variation_id,country";
  const map = ["--preset", "experiment", "--map", "attributes.country=country"];
  const args = ["srm", "-", "--history", folder, "--dialect", "growthbook", "--json", ...map];
  const { exitCode, stderr, stdout } = await run(
    [...args, ...more],
    `${[header, ...rows].join("\n")}\n`,
  );
  return { exitCode, stderr, ...JSON.parse(stdout.trim()) };
}

const NO_LOSS = (): number => 0;
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
      { coverage: 0.5, weights: [0.7, 0.3] },
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

describe("srm --history after a ramp", () => {
  it.each(RAMPS)("finds no mismatch in right rows: $what", async ({ revisions }) => {
    for (const seed of [1, 2, 3]) {
      const verdict = await srm(ramp(revisions, NO_LOSS, seed));
      expect(verdict).toMatchObject({ exitCode: 0, verdict: "none", parts: [] });
      expect(verdict.periods.map(({ problem }: { problem: string | null }) => problem)).toEqual(
        revisions.map(() => null),
      );
    }
  });

  it.each(RAMPS)("finds a loss in the last period: $what", async ({ revisions }) => {
    const last = revisions.length - 1;
    const loss = (variation: string, period: number): number =>
      variation === "b" && period === last ? 0.4 : 0;
    for (const more of [[], ["--always-valid"]]) {
      const verdict = await srm(ramp(revisions, loss, 1), ...more);
      expect(verdict).toMatchObject({ exitCode: 1, verdict: "mismatch" });
    }
  });

  it("has no verdict on a period whose newcomers cannot be told from subjects that were left out", async () => {
    const condition = { country: "x" };
    const revisions = [UNEVEN, { coverage: 1, weights: [0.5, 0.5], condition }];
    const { periods } = await srm(ramp(revisions, NO_LOSS, 1));
    expect(periods[1]).toMatchObject({
      pValue: null,
      problem:
        "the rules changed together with the split, so the rows do not show whom earlier revisions left out",
    });
  });
});
