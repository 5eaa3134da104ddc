import type { JsonObject } from "@sortition/core/dialect";
import type { ComparedSide } from "../views/environment-views.js";
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
  /** The subject to compare with. Empty fields: the same as of `subject`. */
  readonly other: SubjectInput;
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
  subject: { key: "key", name: "name", value: "value", json: "attributes" },
  other: { key: "otherKey", name: "otherName", value: "otherValue", json: "otherAttributes" },
} as const;

/** One of the two subjects of a comparison. */
export type Side = keyof typeof SUBJECT_NAMES;

/** Labels of the fields for attributes as JSON. */
export const JSON_LABELS = {
  subject: "Attributes as JSON",
  other: "Other attributes as JSON",
} as const;

/** Label of the field for the time of evaluation. */
export const TIME_LABEL = "Time";

/** Reads the fields of a form. The address of an empty form may also contain fields. */
export function subjectFields(given: URLSearchParams): SubjectFields {
  const field = (name: string): string => given.get(name) ?? "";
  const inputOf = (names: (typeof SUBJECT_NAMES)[Side]): SubjectInput => {
    const values = given.getAll(names.value);
    const rows = given.getAll(names.name).map((name, i) => [name, values[i] ?? ""] as const);
    return {
      key: field(names.key),
      rows: rows.filter(([name, value]) => name !== "" || value !== ""),
      json: field(names.json),
    };
  };
  return {
    subject: inputOf(SUBJECT_NAMES.subject),
    other: inputOf(SUBJECT_NAMES.other),
    now: field("now"),
    revision: field("revision"),
    compare: field("compare"),
    search: field("search"),
    // The button that sent the form comes after the field with the opened flag.
    flag: given.getAll("flag").at(-1) ?? "",
  };
}

/** Whether a form compares two subjects or two revisions. */
export function isComparison({ compare, other }: SubjectFields): boolean {
  return compare !== "" || other.key !== "" || hasAttributes(other);
}

/** Whether any attribute was entered. */
export function hasAttributes({ json, rows }: SubjectInput): boolean {
  return json.trim() !== "" || rows.some(([, value]) => value !== "");
}

/** A field of the form. Rows with attributes are numbered from 0. */
export type FieldName =
  | "compare"
  | "key"
  | "now"
  | "revision"
  | "search"
  | (typeof SUBJECT_NAMES)[Side]["json"]
  | `${(typeof SUBJECT_NAMES)[Side]["name"]}-${number}`;

/** Messages about the fields of a form. */
export type FieldMessages = Readonly<Partial<Record<FieldName, string>>>;

/** What a submitted form asks for. */
export interface FormQuestion extends SubjectQuestion {
  /** The side to compare with; `null`: no comparison. */
  readonly other: ComparedSide | null;
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
  const { compare, flag, now, other, revision, search, subject } = fields;
  const mistakes: Partial<Record<FieldName, string>> = {
    ...(subject.key.trim() === "" ? { key: "Enter a subject key." } : {}),
    ...rowMistakes("subject", subject),
    ...rowMistakes("other", other),
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
  const attributes = read("attributes", () => attributesOf("subject", subject), {});
  const otherAttributes = read(
    "otherAttributes",
    () => (hasAttributes(other) ? attributesOf("other", other) : attributes),
    {},
  );
  const nowMs = read("now", () => timeFrom(now, presentMs, TIME_LABEL), presentMs);
  if (Object.keys(mistakes).length > 0) return { kind: "mistakes", mistakes };
  const wanted = revision === "" ? null : revision;
  const otherRevision = compare === "" ? wanted : compare === COMPARE_SERVED ? null : compare;
  const question = {
    subjectKey: subject.key,
    attributes,
    nowMs,
    revision: wanted,
    flagKey: flag === "" ? null : flag,
    search,
    from: offsetFrom(from),
    other: isComparison(fields)
      ? {
          subjectKey: other.key === "" ? subject.key : other.key,
          attributes: otherAttributes,
          nowMs,
          revision: otherRevision,
        }
      : null,
  };
  return { kind: "question", question };
}

/** Marks rows without a name, and rows that repeat a name. */
function rowMistakes(side: Side, { rows }: SubjectInput): FieldMessages {
  const seen = new Set<string>();
  const messages = rows.map(([name, value], i) => {
    const field = `${SUBJECT_NAMES[side].name}-${i}` as const;
    if (value === "") return {};
    if (name === "") return { [field]: "Enter a name for this value." };
    if (seen.has(name)) return { [field]: `${name} is entered twice. Remove one of the rows.` };
    seen.add(name);
    return {};
  });
  return Object.assign({}, ...messages) as FieldMessages; // of one type
}

function attributesOf(side: Side, { json, rows }: SubjectInput): JsonObject {
  return Object.fromEntries([
    ...Object.entries(membersOf(side, json)),
    ...rows.flatMap(([name, value]) => (value === "" ? [] : [[name, rowValue(value)] as const])),
  ]);
}

/**
 * Reads the attributes that were entered as JSON.
 *
 * @throws RequestProblem
 */
export function membersOf(side: Side, json: string): JsonObject {
  if (json.trim() === "") return {};
  return attributesFrom(parsedJson(JSON_LABELS[side], json), JSON_LABELS[side]);
}

/** Numbers, `true`, `false`, `null`, lists, objects and strings in quotes are what they are in JSON; all else is a string. */
export function rowValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
