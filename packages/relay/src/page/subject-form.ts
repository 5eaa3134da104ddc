import type { JsonObject } from "@sortition/core/dialect";
import { RequestProblem } from "../views/request-problem.js";
import {
  attributesFrom,
  offsetFrom,
  parsedJson,
  type SubjectQuestion,
  timeFrom,
} from "../views/subject-question.js";

/** The fields of the form, as a person filled them in. */
export interface SubjectFields {
  readonly subjectKey: string;
  /** Attributes as names and values. */
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** Attributes as JSON. */
  readonly json: string;
  readonly now: string;
  readonly revision: string;
  /** The revision to compare with, or {@link COMPARE_SERVED}; empty for no comparison. */
  readonly compare: string;
  readonly search: string;
  /** The flag that is explained; empty: none. */
  readonly flag: string;
}

/** Selects the currently served configuration for the comparison. */
export const COMPARE_SERVED = "served";

/** Reads the fields of a form; those of an empty one may be in its address. */
export function subjectFields(given: URLSearchParams): SubjectFields {
  const field = (name: string): string => given.get(name) ?? "";
  const values = given.getAll("value");
  const rows = given.getAll("name").map((name, i) => [name, values[i] ?? ""] as const);
  return {
    subjectKey: field("key"),
    rows: rows.filter(([name]) => name !== ""),
    json: field("attributes"),
    now: field("now"),
    revision: field("revision"),
    compare: field("compare"),
    search: field("search"),
    flag: field("flag"),
  };
}

/** Mistakes in a form, by field. */
export type FieldMistakes = Partial<
  Readonly<Record<"attributes" | "compare" | "now" | "revision" | "search", string>>
>;

/** The question of a submitted form, or its mistakes. */
export type ReadForm =
  | { readonly kind: "question"; readonly question: SubjectQuestion }
  | { readonly kind: "mistakes"; readonly mistakes: FieldMistakes };

/**
 * Reads a submitted form. A row overrides the member of the JSON with its name. Rows without a value are ignored.
 *
 * @param from - index of the first flag.
 * @throws RequestProblem if `from` is not an integer.
 */
export function readForm(
  fields: SubjectFields,
  from: string | undefined,
  presentMs: number,
): ReadForm {
  const { flag, json, now, revision, rows, search, subjectKey } = fields;
  const mistakes: { attributes?: string; now?: string } = {};
  const read = <Value>(
    name: "attributes" | "now",
    reading: () => Value,
    otherwise: Value,
  ): Value => {
    try {
      return reading();
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      mistakes[name] = error.message;
      return otherwise;
    }
  };
  const jsonOf = (): JsonObject =>
    json.trim() === "" ? {} : attributesFrom(parsedJson("attributes", json));
  const members = read("attributes", jsonOf, {});
  const nowMs = read("now", () => timeFrom(now, presentMs), presentMs);
  if (Object.keys(mistakes).length > 0) return { kind: "mistakes", mistakes };
  const attributes: JsonObject = Object.fromEntries([
    ...Object.entries(members),
    ...rows.flatMap(([name, value]) => (value === "" ? [] : [[name, rowValue(value)] as const])),
  ]);
  const question = {
    subjectKey,
    attributes,
    nowMs,
    revision: revision === "" ? null : revision,
    flagKey: flag === "" ? null : flag,
    search,
    from: offsetFrom(from),
  };
  return { kind: "question", question };
}

/** Numbers, `true`, `false`, `null`, lists, objects and strings in quotes are what they are in JSON; all else is a string. */
function rowValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
