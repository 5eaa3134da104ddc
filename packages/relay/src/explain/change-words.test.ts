import { Configuration } from "@sortition/core";
import { compareFlag } from "@sortition/core/dialect";
import { eppo, eppoExplainer } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { changedParts, changeLine } from "./change-words.js";

interface Flag {
  readonly enabled?: boolean;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly countries?: readonly string[];
  /** Share of the first variation in per cent. */
  readonly share?: number;
  readonly salt?: string;
  readonly startAt?: string;
  readonly endAt?: string;
  readonly doLog?: boolean;
  /** Whether there is a second allocation. */
  readonly hasRest?: boolean;
  readonly isShifted?: boolean;
}

function configurationOf(flag: Flag | null): Configuration {
  const { doLog = true, enabled = true, endAt, startAt } = flag ?? {};
  const { countries = [], hasRest = false, isShifted = false, salt = "s", share = 10 } = flag ?? {};
  const { values = { off: "off", on: "on" } } = flag ?? {};
  const [first = "", second = ""] = Object.keys(values).toReversed();
  const split = (variationKey: string, start: number, end: number): object => ({
    variationKey,
    shards: [{ salt, ranges: [{ start, end }] }],
  });
  const condition = { attribute: "country", operator: "ONE_OF", value: countries };
  const splits = isShifted
    ? [split(second, 0, 100 - share), split(first, 100 - share, 100)]
    : [split(first, 0, share), split(second, share, 100)];
  const rules = countries.length === 0 ? [] : [{ conditions: [condition] }];
  const flags = {
    checkout: {
      ...{ key: "checkout", enabled, variationType: "STRING", totalShards: 100 },
      variations: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, { key, value }]),
      ),
      allocations: [
        { key: "pilot", startAt, endAt, rules, splits, doLog },
        ...(hasRest ? [{ key: "rest", splits: [{ variationKey: second, shards: [] }] }] : []),
      ],
    },
  };
  const payload = {
    ...{ createdAt: "2026-01-05T00:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
    flags: flag === null ? {} : flags,
  };
  return Configuration.from({ dialect: eppo(), payloads: { flags: JSON.stringify(payload) } });
}

function compared(before: Flag | null, after: Flag | null) {
  const [old, now] = [configurationOf(before), configurationOf(after)];
  return compareFlag("checkout", old, now, eppoExplainer);
}

const DE = { countries: ["DE"] };
const COUNTRIES = { countries: ["DE", "FR"] };
const START = { startAt: "2026-02-01T00:00:00.000Z" };
const DAYS = { ...START, endAt: "2026-03-01T12:30:00.000Z" };

describe("changeLine", () => {
  it.each<[Flag | null, Flag | null, string]>([
    [DE, { ...DE, share: 50 }, "on: 10%, off: 90% → on: 50%, off: 50%"],
    [
      { hasRest: true },
      { hasRest: true, share: 50 },
      "pilot: on: 10%, off: 90% → on: 50%, off: 50%",
    ],
    [{}, { isShifted: true }, "on 0–10; off 10–100 → off 0–90; on 90–100"],
    [DE, COUNTRIES, "country is DE → country is one of DE, FR"],
    [START, { startAt: "2026-02-01T00:00:30.000Z" }, "from 2026-02-01 → from 2026-02-01T00:00:30Z"],
    [{}, { enabled: false }, "enabled → disabled"],
    [{}, { salt: "t" }, "subjects are re-randomised"],
    [{}, { hasRest: true }, "rest added"],
    [{}, { values: { off: "off", on: "green" } }, 'on: "on" → "green"'],
    [{}, { doLog: false }, "logged → not logged"],
    [
      {},
      { ...DAYS, ...DE, share: 50 },
      "always → from 2026-02-01 until 2026-03-01T12:30Z; all subjects → country is DE; 1 more change",
    ],
    [null, {}, "variations off, on"],
    [{}, null, "removed"],
  ])("of %j to %j is %s", (before, after, line) => {
    expect(changeLine(compared(before, after))).toBe(line);
  });
});

describe("changedParts", () => {
  it("have the state before and after each change", () => {
    const parts = changedParts(compared(DE, { ...COUNTRIES, ...DAYS, share: 50, enabled: false }));
    expect(parts.map(({ after, aspect, before }) => [aspect, before, after])).toEqual([
      ["state", "enabled", "disabled"],
      ["window", "always", "from 2026-02-01 until 2026-03-01T12:30Z"],
      ["rule", "country is DE", "country is one of DE, FR"],
      ["traffic", "on: 10%, off: 90%", "on: 50%, off: 50%"],
    ]);
  });

  it("include the variation whose value changed", () => {
    const [part] = changedParts(compared({}, { values: { off: "off", on: "green" } }));
    expect(part).toMatchObject({ variation: "on", before: '"on"', after: '"green"' });
  });

  it("are none for a new flag", () => {
    expect(changedParts(compared(null, {}))).toEqual([]);
  });
});
