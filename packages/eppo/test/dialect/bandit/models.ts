import { type Random, rawNumber } from "@sortition/dialect-kit/differential";

/** Ordinary names of attributes that models use. */
export const NUMERIC_NAMES: readonly string[] = ["age", "price", "10", "score"];
export const CATEGORICAL_NAMES: readonly string[] = ["country", "plan", "2", "colour"];
/** Names of members that every object inherits. */
export const INHERITED_NAMES: readonly string[] = ["constructor", "toString", "__proto__"];
/** Categories that models use. `""` never matches. */
export const CATEGORIES: readonly string[] = [
  "DK",
  "true",
  "1",
  "",
  "0",
  "null",
  "__proto__",
  "😀",
];

export const ACTION_NAMES: readonly string[] = [
  ...["nike", "adidas", "puma", "10", "9", "1", "01", "b", "B", "ü", "😀", "\ue000", ""],
  ...["reebok", "asics", "fila", "-1", "1.5", "4294967295", "4294967294"],
];

/** Names of all edge cases of models. */
export const MODEL_EDGES: readonly string[] = [
  "cold start",
  "NaN default score",
  "NaN score of one action",
  "infinite score",
  "floor 0",
  "floor at least 1",
  "floor below 0",
  "gamma 0",
  "gamma below 0",
  "gamma infinite",
  "equal scores",
  "attribute of an inherited name",
  "attribute named twice",
  "action of an inherited name",
  "number that is a string",
  "action malformed",
  "inner key differs",
];

/** A generated model. */
export interface GeneratedModel {
  readonly key: string;
  readonly wire: object;
  readonly edges: readonly string[];
}

/** Generates one model, with at most one edge case. */
export function generateModel(random: Random, key: string): GeneratedModel {
  const edge = random.chance(0.6) ? null : random.deal("model edges", MODEL_EDGES);
  const is = (name: string): boolean => edge === name;
  const known = random.chance(0.5) ? ACTION_NAMES : ACTION_NAMES.slice(0, 12);
  const names = is("cold start") ? [] : known.filter(() => random.chance(0.8));
  if (is("action of an inherited name")) names.push(...INHERITED_NAMES);
  const equal = is("equal scores") ? action(random, null) : null;
  const coefficients = names.map((name, i): [string, unknown] => [
    name,
    is("action malformed") && i === 0
      ? { intercept: 1 }
      : { ...(equal ?? action(random, edge)), actionKey: name },
  ]);
  if (is("NaN score of one action") || is("infinite score")) spoil(random, coefficients, edge);
  return {
    key,
    wire: {
      banditKey: is("inner key differs") ? `inner ${key}` : key,
      modelName: "falcon",
      modelVersion: `v${random.integer(1, 9)}`,
      updatedAt: "2026-01-01T00:00:00.000Z",
      modelData: {
        gamma: gammaOf(random, edge),
        defaultActionScore: is("NaN default score") ? rawNumber("1e999") : amount(random),
        actionProbabilityFloor: floorOf(random, edge),
        coefficients: Object.fromEntries(coefficients),
      },
    },
    edges: edge === null ? [] : [edge],
  };
}

function spoil(random: Random, coefficients: [string, unknown][], edge: string | null): void {
  const spoiled = random.pick(coefficients)?.[1] as Record<string, unknown> | undefined;
  if (spoiled === undefined) return;
  spoiled["intercept"] = rawNumber("1e999");
  if (edge !== "NaN score of one action") return;
  const opposite = {
    attributeKey: "absent",
    coefficient: 1,
    missingValueCoefficient: rawNumber("-1e999"),
  };
  spoiled["subjectNumericCoefficients"] = [opposite];
}

function gammaOf(random: Random, edge: string | null): unknown {
  if (edge === "gamma 0") return 0;
  if (edge === "gamma below 0") return -random.integer(1, 30);
  if (edge === "gamma infinite") return rawNumber("1e999");
  if (edge === "number that is a string") return String(amount(random));
  return random.pick([1, 1, 0.1, 5, 100]);
}

function floorOf(random: Random, edge: string | null): number {
  if (edge === "floor 0") return 0;
  if (edge === "floor at least 1") return random.pick([1, 2, 3.3]);
  if (edge === "floor below 0") return -0.5;
  return random.pick([0.1, 0.05, 0.3, 0]);
}

function action(random: Random, edge: string | null): Record<string, unknown> {
  return {
    intercept: amount(random),
    subjectNumericCoefficients: numeric(random, edge),
    subjectCategoricalCoefficients: categorical(random, edge),
    actionNumericCoefficients: numeric(random, edge),
    actionCategoricalCoefficients: categorical(random, edge),
  };
}

function names(random: Random, known: readonly string[], edge: string | null): string[] {
  const chosen = known.filter(() => random.chance(0.7));
  if (edge === "attribute of an inherited name") chosen.push(random.pick(INHERITED_NAMES));
  if (edge === "attribute named twice") chosen.push(...chosen);
  return chosen;
}

function numeric(random: Random, edge: string | null): object[] {
  return names(random, NUMERIC_NAMES, edge).map((attributeKey) => ({
    attributeKey,
    coefficient: amount(random),
    missingValueCoefficient: amount(random),
  }));
}

function categorical(random: Random, edge: string | null): object[] {
  return names(random, CATEGORICAL_NAMES, edge).map((attributeKey) => ({
    attributeKey,
    valueCoefficients: Object.fromEntries(
      CATEGORIES.filter(() => random.chance(0.7)).map((value) => [
        value,
        random.chance(0.05) ? "no number" : amount(random),
      ]),
    ),
    missingValueCoefficient: amount(random),
  }));
}

/** Generates a coefficient: a fraction that needs rounding, an integer that causes ties, or 0. */
function amount(random: Random): number {
  if (random.chance(0.2)) return random.integer(-2, 2);
  if (random.chance(0.1)) return 0;
  return (random.next() - 0.5) * 10 ** random.integer(-3, 2);
}
