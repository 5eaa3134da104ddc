import type { JsonObject } from "@sortition/core/dialect";
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
  readonly search: string;
  /** The flag that is explained; empty: none. */
  readonly flag: string;
}

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
    search: field("search"),
    flag: field("flag"),
  };
}

/**
 * What a filled form asks. A row wins over a member of the JSON with its name.
 *
 * @param from - index of the first flag.
 * @throws RequestProblem that names the field which is wrong.
 */
export function questionOf(
  fields: SubjectFields,
  from: string | undefined,
  presentMs: number,
): SubjectQuestion {
  const { flag, json, now, revision, rows, search, subjectKey } = fields;
  const members = json.trim() === "" ? {} : attributesFrom(parsedJson("attributes", json));
  const attributes: JsonObject = Object.fromEntries([
    ...Object.entries(members),
    ...rows.map(([name, value]) => [name, rowValue(value)] as const),
  ]);
  return {
    subjectKey,
    attributes,
    nowMs: timeFrom(now, presentMs),
    revision: revision === "" ? null : revision,
    flagKey: flag === "" ? null : flag,
    search,
    from: offsetFrom(from),
  };
}

/** Numbers, `true`, `false`, `null`, lists, objects and strings in quotes are what they are in JSON; all else is a string. */
function rowValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
