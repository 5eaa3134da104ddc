import { PAIRS, type Twin, type TwinDialect, type TwinRule } from "./twins.js";

/** A flag before and after a planted change. */
export interface Planted {
  readonly kind: string;
  readonly old: Twin;
  readonly now: Twin;
  /** Index of the rule that a cause must name on one side; `null` for the last outcome. */
  readonly rule: number | null;
  /** Formats that cannot express the change, or need a server to evaluate it. Default: none. */
  readonly notIn?: readonly TwinDialect[];
  /** The only possible format of OLD. Default: any. */
  readonly onlyFrom?: TwinDialect;
  /** Changes the payload of OLD. */
  readonly edit?: (payload: string) => string;
}

const BASE: readonly TwinRule[] = [
  { country: ["DK", "SE"], gives: "a" },
  { minAge: 30, gives: "b" },
];

function twin(key: string, rules: readonly TwinRule[], more: Partial<Twin> = {}): Twin {
  return { key, type: "string", rules, otherwise: "c", ...more };
}

function planted(
  kind: string,
  rule: number | null,
  [before, after]: readonly [Partial<Twin>, Partial<Twin>],
): Planted {
  const old = { ...twin("flag", BASE), ...before };
  return { kind, rule, old, now: { ...old, ...after } };
}

function rules(...them: readonly TwinRule[]): Partial<Twin> {
  return { rules: them };
}

const [FIRST, SECOND] = BASE as readonly [TwinRule, TwinRule];

/** The changes that can be planted in any pair of formats. */
export const PLANTED: readonly Planted[] = [
  planted("bound", 1, [rules(FIRST, SECOND), rules(FIRST, { ...SECOND, minAge: 31 })]),
  planted("upper bound", 1, [
    rules(FIRST, { maxAge: 50, gives: "b" }),
    rules(FIRST, { maxAge: 49, gives: "b" }),
  ]),
  planted("2.9 and 2.10", 1, [
    rules(FIRST, { minVersion: "2.9.0", gives: "b" }),
    rules(FIRST, { minVersion: "2.10.0", gives: "b" }),
  ]),
  planted("listed value", 0, [rules(FIRST, SECOND), rules({ ...FIRST, country: ["DK"] }, SECOND)]),
  {
    ...planted("case", 0, [
      rules({ ...FIRST, country: ["DK", "Sweden"] }, SECOND),
      rules({ ...FIRST, country: ["DK", "sweden"] }, SECOND),
    ]),
    // PostHog ignores case here.
    notIn: ["posthog"],
  },
  {
    ...planted("missing attribute", 0, [
      rules({ ...FIRST, hasEmail: true }, SECOND),
      rules(FIRST, SECOND),
    ]),
    // A missing property may be known to PostHog's server.
    notIn: ["posthog"],
  },
  {
    ...planted("window", 0, [{}, {}]),
    onlyFrom: "eppo",
    edit: (payload) =>
      payload.replace('"key":"rule-1"', '"key":"rule-1","endAt":"2020-01-01T00:00:00Z"'),
  },
  planted("number and string", 0, [
    { type: "json", values: { a: { x: 1 }, b: { x: 2 }, c: {} } },
    { type: "json", values: { a: { x: "1" }, b: { x: 2 }, c: {} } },
  ]),
  planted("order of rules", 0, [rules(FIRST, SECOND), rules(SECOND, FIRST)]),
  planted("removed rule", 1, [rules(FIRST, SECOND), rules(FIRST)]),
  planted("default", null, [{ otherwise: "c" }, { otherwise: "b" }]),
  planted("share", 1, [
    rules(FIRST, { minAge: 30, gives: { a: 50, b: 50 } }),
    rules(FIRST, { minAge: 30, gives: { a: 30, b: 70 } }),
  ]),
  planted("value", 1, [
    { type: "integer", values: { a: 1, b: 2, c: 3 } },
    { type: "integer", values: { a: 1, b: 20, c: 3 } },
  ]),
  planted("value in JSON", 1, [
    { type: "json", values: { a: { x: 1 }, b: { x: 2, y: 1 }, c: {} } },
    { type: "json", values: { a: { x: 1 }, b: { y: 1, x: 3 }, c: {} } },
  ]),
  planted("split on one side", 1, [
    rules(FIRST, { minAge: 30, gives: { a: 50, b: 50 } }),
    rules(FIRST, { minAge: 30, gives: "b" }),
  ]),
];

/** A planted difference in a pair of formats. */
export interface PlantedCase {
  readonly planted: Planted;
  readonly pair: readonly [TwinDialect, TwinDialect];
}

/** Returns each kind in turn, each time in another pair of formats that can express it. */
export function plantedCases(count: number): readonly PlantedCase[] {
  return Array.from({ length: count }, (_, i) => {
    const planted = PLANTED[i % PLANTED.length] as Planted; // within bounds
    const { notIn = [], onlyFrom } = planted;
    const pairs = PAIRS.filter(
      (pair) =>
        !pair.some((it) => notIn.includes(it)) && (onlyFrom === undefined || pair[0] === onlyFrom),
    );
    const turn = i * 5 + Math.floor(i / PLANTED.length);
    return { planted, pair: pairs[turn % pairs.length] as PlantedCase["pair"] }; // within bounds
  });
}

/** Subjects with unusual countries and without an email address. */
export const ODD_SUBJECTS: readonly object[] = ["Sweden", "DK"].map((country) => {
  return { subjectKey: "odd", subjectAttributes: { country, age: 20, score: 1 } };
});
