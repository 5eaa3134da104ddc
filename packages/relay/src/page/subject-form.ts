import type { JsonObject } from "@sortition/core/dialect";
import { RequestProblem } from "../views/request-problem.js";
import {
  attributesFrom,
  offsetFrom,
  parsedJson,
  type SubjectQuestion,
  timeFrom,
} from "../views/subject-question.js";

/** The fields that describe a subject, as the user filled them in. */
export interface SubjectInput {
  readonly key: string;
  /** Attributes as names and values. */
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** Attributes as JSON. */
  readonly json: string;
}

/** The fields of the form, as the user filled them in. */
export interface SubjectFields {
  readonly subject: SubjectInput;
  readonly now: string;
  readonly revision: string;
  /** The revision to compare with, or {@link COMPARE_SERVED}; empty: the same revision. */
  readonly compare: string;
  readonly search: string;
  /** The flag that is explained; empty: none. */
  readonly flag: string;
}

/** Selects the currently served configuration for the comparison. */
export const COMPARE_SERVED = "served";

/** Names of the fields of a subject. */
export const SUBJECT_NAMES = {
  key: "key",
  name: "name",
  value: "value",
  json: "attributes",
} as const;

/** Label of the field for attributes as JSON. */
export const JSON_LABEL = "Attributes as JSON";

/** Label of the field for the time of evaluation. */
export const TIME_LABEL = "Time";

/** Reads the fields of a form. The address of an empty form may also contain fields. */
export function subjectFields(given: URLSearchParams): SubjectFields {
  const field = (name: string): string => given.get(name) ?? "";
  const values = given.getAll(SUBJECT_NAMES.value);
  const rows = given.getAll(SUBJECT_NAMES.name).map((name, i) => [name, values[i] ?? ""] as const);
  return {
    subject: {
      key: field(SUBJECT_NAMES.key),
      rows: rows.filter(([name, value]) => name !== "" || value !== ""),
      json: field(SUBJECT_NAMES.json),
    },
    now: field("now"),
    revision: field("revision"),
    compare: field("compare"),
    search: field("search"),
    // The button that sent the form comes after the field with the opened flag.
    flag: given.getAll("flag").at(-1) ?? "",
  };
}

/** A field of the form. Rows with attributes are numbered from 0. */
export type FieldName =
  | "compare"
  | "key"
  | "now"
  | "revision"
  | "search"
  | typeof SUBJECT_NAMES.json
  | `${typeof SUBJECT_NAMES.name}-${number}`;

/** Messages about the fields of a form. */
export type FieldMessages = Readonly<Partial<Record<FieldName, string>>>;

/** What a submitted form asks for. */
export interface FormQuestion extends SubjectQuestion {
  /** The configuration to compare with; `null`: no comparison. */
  readonly compare: Pick<SubjectQuestion, "revision"> | null;
}

/** The question of a submitted form, or its mistakes. */
export type ReadForm =
  | { readonly kind: "question"; readonly question: FormQuestion }
  | { readonly kind: "mistakes"; readonly mistakes: FieldMessages };

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
  const { compare, flag, now, revision, search, subject } = fields;
  const mistakes: Partial<Record<FieldName, string>> = {
    ...(subject.key.trim() === "" ? { key: "Enter a subject key." } : {}),
    ...rowMistakes(subject),
  };
  const read = <Value>(name: FieldName, reading: () => Value, otherwise: Value): Value => {
    try {
      return reading();
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      mistakes[name] = error.message;
      return otherwise;
    }
  };
  const attributes = read("attributes", () => attributesOf(subject), {});
  const nowMs = read("now", () => timeFrom(now, presentMs, TIME_LABEL), presentMs);
  if (Object.keys(mistakes).length > 0) return { kind: "mistakes", mistakes };
  const question = {
    subjectKey: subject.key,
    attributes,
    nowMs,
    revision: revision === "" ? null : revision,
    flagKey: flag === "" ? null : flag,
    search,
    from: offsetFrom(from),
    compare: compare === "" ? null : { revision: compare === COMPARE_SERVED ? null : compare },
  };
  return { kind: "question", question };
}

/** Marks rows without a name, and rows that repeat a name. */
function rowMistakes({ rows }: SubjectInput): FieldMessages {
  const seen = new Set<string>();
  const messages = rows.map(([name, value], i) => {
    const field = `${SUBJECT_NAMES.name}-${i}` as const;
    if (value === "") return {};
    if (name === "") return { [field]: "Enter a name for this value." };
    if (seen.has(name)) return { [field]: `${name} is entered twice. Remove one of the rows.` };
    seen.add(name);
    return {};
  });
  return Object.assign({}, ...messages) as FieldMessages; // of one type
}

function attributesOf({ json, rows }: SubjectInput): JsonObject {
  return Object.fromEntries([
    ...Object.entries(membersOf(json)),
    ...rows.flatMap(([name, value]) => (value === "" ? [] : [[name, rowValue(value)] as const])),
  ]);
}

/**
 * Reads the attributes that were entered as JSON.
 *
 * @throws RequestProblem
 */
export function membersOf(json: string): JsonObject {
  if (json.trim() === "") return {};
  return attributesFrom(parsedJson(JSON_LABEL, json), JSON_LABEL);
}

/** Numbers, `true`, `false`, `null`, lists, objects and strings in quotes are what they are in JSON; all else is a string. */
export function rowValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
