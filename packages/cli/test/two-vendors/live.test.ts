import { type Attributes, Configuration, createClient, shadow } from "@sortition/core";
import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ODD_SUBJECTS, plantedCases } from "./planted.js";
import { completeSubjects, DIALECTS, payloadOf, type Twin, type TwinDialect } from "./twins.js";

/** Number of planted differences. 60 cover all kinds in about four pairs of formats. */
const COUNT = Number(process.env["SORTITION_PLANTED"] ?? 16);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NOW_MS = Date.parse("2026-02-01T12:00:00Z");
const SUBJECTS = [...completeSubjects(seededRandom(3), 1_000), ...ODD_SUBJECTS] as readonly {
  readonly subjectKey: string;
  readonly subjectAttributes: Attributes;
}[];

function clientOf(name: TwinDialect, payload: string) {
  const dialect = DIALECTS[name]() as never;
  const initialConfiguration = Configuration.from({ dialect, payloads: { flags: payload } });
  return createClient<object>({
    ...{ dialect, initialConfiguration, assignmentLogger: null, diagnostics: SILENT },
    // With this clock, comparisons take no time, so none of them is skipped.
    clock: { monotonicMs: () => 0, now: () => NOW_MS },
  });
}

/** Counts the comparisons of a shadow with two payloads. */
function comparisonOf(
  [from, to]: readonly [TwinDialect, TwinDialect],
  [before, after]: readonly [string, string],
  type: Twin["type"],
) {
  const flags = shadow({ primary: clientOf(from, before), candidate: clientOf(to, after) });
  for (const { subjectAttributes, subjectKey } of SUBJECTS) {
    const subject = ["flag", subjectKey, subjectAttributes] as const;
    if (type === "boolean") flags.getBooleanAssignment(...subject, false);
    else if (type === "integer") flags.getIntegerAssignment(...subject, 0);
    else if (type === "json") flags.getJSONAssignment(...subject, null);
    else flags.getStringAssignment(...subject, "none");
  }
  const { compared, flags: counts } = flags.report();
  expect(compared).toBe(SUBJECTS.length);
  const { agree = 0, differ } = counts["flag"] ?? {};
  return { agree, splits: differ?.split ?? 0 };
}

describe("shadow", () => {
  it.each(plantedCases(COUNT).filter((_, i) => isInPart(i)))(
    "finds the planted difference $planted.kind between $pair",
    ({ pair, planted }) => {
      const { edit = (payload: string) => payload, now, old } = planted;
      const before = edit(payloadOf(pair[0], [old]));
      const { agree, splits } = comparisonOf(pair, [before, payloadOf(pair[1], [now])], old.type);
      const others = SUBJECTS.length - agree - splits;
      const isSplit = [old, now].some(({ otherwise, rules }) =>
        [otherwise, ...rules.map(({ gives }) => gives)].some((it) => typeof it !== "string"),
      );
      expect(isSplit ? others + splits : others).toBeGreaterThan(0);
      if (isSplit || edit === planted.edit) return;
      const payloads = [payloadOf(pair[0], [old]), payloadOf(pair[1], [old])] as const;
      const twin = comparisonOf(pair, payloads, old.type);
      // Vendors treat a missing attribute in different ways.
      expect(SUBJECTS.length - twin.agree - twin.splits).toBeLessThan(others + splits);
    },
  );
});
