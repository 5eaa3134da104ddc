import { type Random, seededRandom } from "@sortition/proof";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { Candidate, Candidates } from "./candidates.js";
import type { Example, Oddness } from "./difference-tally.js";

/** Maximum number of made-up subjects for a flag. */
const MAX_MADE = 2_000;
/** Maximum number of targeted keys to try. */
const MAX_KEYS = 100;
/** Fraction of the random subjects that have only plain values. */
const PLAIN_PART = 0.7;
const SEED = 68;

/** The values that subjects are made up from. */
export interface MadeFrom {
  readonly candidates: Candidates;
  /** Keys that rules name. */
  readonly keys: readonly string[];
  /** Returns a subject with unique values for what is hashed instead of the key. */
  readonly withUnits: (subject: JudgedSubject, number: number) => JudgedSubject;
}

/**
 * Makes up subjects, the same in each run: all combinations of the candidates or, if these are too many, each candidate
 * combined with random values of the other attributes.
 */
export function madeSubjects({ candidates, keys, withUnits }: MadeFrom): readonly Example[] {
  const random = seededRandom(SEED);
  const attributes = [...candidates];
  const targeted = keys.slice(0, MAX_KEYS);
  const room = MAX_MADE - targeted.length;
  const combinations = attributes.reduce((product, [, values]) => product * values.length, 1);
  const chosen =
    attributes.length > 0 && combinations <= room
      ? allCombinations(attributes)
      : varied(attributes, room, random);
  const rows = [
    ...targeted.map((key) => ({ key, row: randomRow(attributes, true, random) })),
    ...chosen.map((row, i) => ({ key: `key-${i}`, row })),
  ];
  return rows.map(({ key, row }, i) => {
    const values = row.filter(([, { value }]) => value !== undefined);
    const attributes = Object.fromEntries(values.map(([name, { value }]) => [name, value]));
    const oddness = Math.max(0, ...row.map(([, it]) => it.oddness)) as Oddness;
    return { subject: withUnits({ key, attributes }, i), oddness };
  });
}

type Attribute = readonly [name: string, values: readonly Candidate[]];
type MadeRow = readonly (readonly [name: string, value: Candidate])[];

function allCombinations(attributes: readonly Attribute[]): readonly MadeRow[] {
  return attributes.reduce<readonly MadeRow[]>(
    (rows, [name, values]) =>
      rows.flatMap((row) => values.map((value) => [...row, [name, value] as const])),
    [[]],
  );
}

function varied(attributes: readonly Attribute[], room: number, random: Random): MadeRow[] {
  const rows: MadeRow[] = [];
  for (const [name, values] of attributes) {
    for (const value of values.slice(0, Math.floor(room / (2 * attributes.length)))) {
      const row = randomRow(attributes, true, random);
      rows.push(row.map((it) => (it[0] === name ? ([name, value] as const) : it)));
    }
  }
  while (rows.length < room) rows.push(randomRow(attributes, random() < PLAIN_PART, random));
  return rows;
}

function randomRow(attributes: readonly Attribute[], isPlain: boolean, random: Random): MadeRow {
  return attributes.map(([name, values]) => {
    const plain = isPlain ? values.filter(({ oddness }) => oddness === 0) : values;
    const from = plain.length === 0 ? values : plain;
    return [name, from[Math.floor(random() * from.length)] as Candidate] as const; // not empty
  });
}
