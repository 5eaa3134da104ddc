import { Configuration, createClient } from "@sortition/core";
import { type EppoDialect, eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { datadog } from "../src/dialect.js";

/** An experiment of Eppo: its shares, its salt, and how much of the traffic it takes. */
interface Experiment {
  readonly key: string;
  readonly salt: string;
  /** End of each variation's range of shards; the last one is the size of the space. */
  readonly ends: readonly number[];
  /** Shards of the traffic split that enter the experiment. */
  readonly exposed: number;
}

const TOTAL = 10_000;
const SUBJECTS = Array.from({ length: 2_000 }, (_, i) => `subject-${i}`);

const EXPERIMENTS: readonly Experiment[] = Array.from({ length: 20 }, (_, i) => ({
  key: `experiment-${i}`,
  salt: `salt-${i}`,
  ends: i % 2 === 0 ? [1_000 + 200 * i, TOTAL] : [2_000, 3_000 + 100 * i, TOTAL],
  exposed: i % 3 === 0 ? TOTAL : 4_000 + 100 * i,
}));

type Vendor = "eppo" | "datadog";

function configurationOf(vendor: Vendor, experiments: readonly Experiment[]): string {
  const sizeIn = (it: Vendor): object => (it === vendor ? { totalShards: TOTAL } : {});
  const flags = experiments.map(({ ends, exposed, key, salt }) => {
    const traffic = { salt: `${salt}-traffic`, ranges: [{ start: 0, end: exposed }] };
    const splits = ends.map((end, i) => {
      const range = { start: ends[i - 1] ?? 0, end };
      const shards = [traffic, { salt, ranges: [range] }];
      return {
        variationKey: `v${i}`,
        shards: shards.map((it) => ({ ...it, ...sizeIn("datadog") })),
      };
    });
    const variations = ends.map((_, i) => [`v${i}`, { key: `v${i}`, value: `v${i}` }]);
    const flag = {
      ...{ key, enabled: true, variationType: "STRING", ...sizeIn("eppo") },
      variations: Object.fromEntries(variations),
      allocations: [{ key: "experiment", splits, doLog: true }],
    };
    return [key, flag];
  });
  return JSON.stringify({ format: "SERVER", flags: Object.fromEntries(flags) });
}

/** The variation of each subject, `none` outside of the experiment. */
function variationsOf(vendor: Vendor, experiment: Experiment): readonly string[] {
  const dialect = (vendor === "eppo" ? eppo() : datadog()) as EppoDialect;
  const payloads = { flags: new TextEncoder().encode(configurationOf(vendor, [experiment])) };
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads }),
    assignmentLogger: null,
  });
  return SUBJECTS.map((it) => client.getStringAssignment(experiment.key, it, {}, "none"));
}

/** The share of subjects with another variation after the move. */
function moved(experiment: Experiment, change: Partial<Experiment>): number {
  const before = variationsOf("eppo", experiment);
  const after = variationsOf("datadog", { ...experiment, ...change });
  return before.filter((it, i) => it !== after[i]).length / SUBJECTS.length;
}

/** The share of the shards in which two lists of ends give another variation. */
function movedByEnds({ ends, exposed }: Experiment, others: readonly number[]): number {
  const indexOf = (list: readonly number[], shard: number): number =>
    list.findIndex((end) => shard < end);
  const shards = Array.from({ length: TOTAL }, (_, shard) => shard);
  const different = shards.filter((it) => indexOf(ends, it) !== indexOf(others, it)).length;
  return (different / TOTAL) * (exposed / TOTAL);
}

function equalWeights({ ends }: Experiment): readonly number[] {
  return ends.map((_, i) => Math.round((TOTAL * (i + 1)) / ends.length));
}

describe("a flag of Eppo that was copied to Datadog", () => {
  it.each(EXPERIMENTS)("keeps every subject with equal salts and shares: $key", (experiment) => {
    expect(moved(experiment, {})).toBe(0);
  });

  it.each(EXPERIMENTS)(
    "moves the subjects between the cuts by equal weights: $key",
    (experiment) => {
      const ends = equalWeights(experiment);
      const share = moved(experiment, { ends });
      expect(share).toBeGreaterThan(movedByEnds(experiment, ends) - 0.05);
      expect(share).toBeLessThan(movedByEnds(experiment, ends) + 0.05);
    },
  );

  it.each(EXPERIMENTS)("hashes every subject anew by another salt: $key", (experiment) => {
    expect(moved(experiment, { salt: `${experiment.salt}-new` })).toBeGreaterThan(0.05);
  });

  it.each(EXPERIMENTS.filter(({ exposed }) => exposed < TOTAL))(
    "takes in subjects from outside without its share of the traffic: $key",
    (experiment) => {
      const share = moved(experiment, { exposed: TOTAL });
      expect(Math.abs(share - (1 - experiment.exposed / TOTAL))).toBeLessThan(0.05);
    },
  );
});
