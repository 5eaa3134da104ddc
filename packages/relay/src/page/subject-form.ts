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

/** Reads the fields of a form. The address of an empty form may also contain fields. */
export function subjectFields(given: URLSearchParams): SubjectFields {
  const field = (name: string): string => given.get(name) ?? "";
  const inputOf = (names: (typeof SUBJECT_NAMES)[keyof typeof SUBJECT_NAMES]): SubjectInput => {
    const values = given.getAll(names.value);
    const rows = given.getAll(names.name).map((name, i) => [name, values[i] ?? ""] as const);
    return {
      key: field(names.key),
      rows: rows.filter(([name]) => name !== ""),
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

/** Mistakes in a form, by field. */
export type FieldMistakes = Partial<
  Readonly<
    Record<"attributes" | "compare" | "now" | "otherAttributes" | "revision" | "search", string>
  >
>;

/** What a submitted form asks for. */
export interface FormQuestion extends SubjectQuestion {
  /** The side to compare with; `null`: no comparison. */
  readonly other: ComparedSide | null;
}

/** The question of a submitted form, or its mistakes. */
export type ReadForm =
  | { readonly kind: "question"; readonly question: FormQuestion }
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
  const { compare, flag, now, other, search, subject } = fields;
  const mistakes: { attributes?: string; now?: string; otherAttributes?: string } = {};
  const read = <Value>(
    name: keyof typeof mistakes,
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
  const attributes = read("attributes", () => attributesOf(subject), {});
  const otherAttributes = read(
    "otherAttributes",
    () => (hasAttributes(other) ? attributesOf(other) : attributes),
    {},
  );
  const nowMs = read("now", () => timeFrom(now, presentMs), presentMs);
  if (Object.keys(mistakes).length > 0) return { kind: "mistakes", mistakes };
  const revision = fields.revision === "" ? null : fields.revision;
  const otherRevision = compare === "" ? revision : compare === COMPARE_SERVED ? null : compare;
  const question = {
    subjectKey: subject.key,
    attributes,
    nowMs,
    revision,
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

function attributesOf({ json, rows }: SubjectInput): JsonObject {
  const members = json.trim() === "" ? {} : attributesFrom(parsedJson("attributes", json));
  return Object.fromEntries([
    ...Object.entries(members),
    ...rows.flatMap(([name, value]) => (value === "" ? [] : [[name, rowValue(value)] as const])),
  ]);
}

/** Numbers, `true`, `false`, `null`, lists, objects and strings in quotes are what they are in JSON; all else is a string. */
function rowValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
