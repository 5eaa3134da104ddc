import type { JSX } from "hono/jsx/jsx-runtime";
import type { KnownAttribute } from "../explain/known-attributes.js";
import { pageAddress } from "./addresses.js";
import type { Configurations } from "./configuration-label.js";
import { shown } from "./shown.js";
import {
  COMPARE_SERVED,
  type FieldMessages,
  type FieldName,
  JSON_LABEL,
  SUBJECT_NAMES,
  type SubjectFields,
  type SubjectInput,
  TIME_LABEL,
} from "./subject-form.js";
import { instantText, Text } from "./text.js";

/** What the form shows. */
export interface EvaluateFormProps extends Configurations {
  readonly environment: string;
  readonly fields: SubjectFields;
  readonly mistakes: FieldMessages;
  /** Notes about valid input that is probably wrong. */
  readonly notes: FieldMessages;
  /** Suggested in the form. */
  readonly attributes: readonly KnownAttribute[];
}

/** The `id` of the form. Buttons in the results send it along. */
export const FORM = "subject";

/** Maximum number of rows with a suggested attribute, and number of blank rows. */
const SUGGESTED_ROWS = 4;
const BLANK_ROWS = 1;

/** The form of Evaluate. It keeps what was entered, and marks mistakes. */
export function EvaluateForm(props: EvaluateFormProps): JSX.Element {
  const { attributes, environment, fields, mistakes, notes, revisions, served } = props;
  const { compare, flag, now, revision, search, subject } = fields;
  return (
    <form
      id={FORM}
      class="card"
      method="post"
      action={`${pageAddress(environment, "subject")}#results`}
    >
      <input type="hidden" name="flag" value={flag} />
      <label>
        Subject key
        <input
          name={SUBJECT_NAMES.key}
          value={subject.key}
          autocomplete="off"
          {...markOf("key", mistakes)}
        />
        <Mistake name="key" mistakes={mistakes} />
      </label>
      <Attributes input={subject} known={attributes} mistakes={mistakes} notes={notes} />
      <Suggestions known={attributes} />
      <label>
        Filter flags
        <input name="search" value={search} {...markOf("search", mistakes)} />
        <Mistake name="search" mistakes={mistakes} />
      </label>
      <details open={[now, revision, compare].some((it) => it !== "") || "compare" in mistakes}>
        <summary>Time and configuration</summary>
        <label>
          {TIME_LABEL} (default: now)
          <input
            name="now"
            value={now}
            placeholder="2026-02-01T12:30:00Z"
            {...markOf("now", mistakes)}
          />
          <Mistake name="now" mistakes={mistakes} />
        </label>
        <label>
          Configuration
          <select name="revision" {...markOf("revision", mistakes)}>
            <option value="">{SERVED_NOW}</option>
            <Earlier revisions={revisions} served={served} selected={revision} />
          </select>
          <Mistake name="revision" mistakes={mistakes} />
        </label>
        <label>
          Compare with configuration
          <select name="compare" {...markOf("compare", mistakes)}>
            <option value="">none</option>
            <option
              value={COMPARE_SERVED}
              selected={compare === COMPARE_SERVED || compare === served}
            >
              {SERVED_NOW}
            </option>
            <Earlier revisions={revisions} served={served} selected={compare} />
          </select>
          <Mistake name="compare" mistakes={mistakes} />
        </label>
      </details>
      <p>
        <button type="submit" class="main">
          Evaluate
        </button>
      </p>
    </form>
  );
}

interface AttributesProps {
  readonly input: SubjectInput;
  /** Also names for rows that are not filled in. */
  readonly known: readonly KnownAttribute[];
  readonly mistakes: FieldMessages;
  readonly notes: FieldMessages;
}

/** The attributes of a subject, as rows and as JSON. */
function Attributes(props: AttributesProps): JSX.Element {
  const { input, known, mistakes, notes } = props;
  const names = SUBJECT_NAMES;
  return (
    <fieldset>
      <legend>Attributes</legend>
      {rowsOf(input.rows, known).map(([name, value], i) => (
        <div class="row">
          <input
            name={names.name}
            value={name}
            aria-label={`Name ${i + 1}`}
            placeholder="name"
            list="names"
            autocomplete="off"
            {...markOf(`${names.name}-${i}`, mistakes, notes)}
          />
          <input
            name={names.value}
            value={value}
            aria-label={`Value ${i + 1}`}
            placeholder="value"
            list={valuesOf(name, known)}
            autocomplete="off"
          />
          <Mistake name={`${names.name}-${i}`} mistakes={mistakes} />
          <Note name={`${names.name}-${i}`} notes={notes} />
        </div>
      ))}
      <p class="hint">For example, 5 is a number, "5" is text, and ["a"] is a list.</p>
      <details open={input.json !== "" || mistakes[names.json] !== undefined}>
        <summary>{JSON_LABEL}</summary>
        <textarea
          name={names.json}
          aria-label={JSON_LABEL}
          placeholder='{"country":"DE"}'
          {...markOf(names.json, mistakes, notes)}
        >
          {input.json}
        </textarea>
        <Mistake name={names.json} mistakes={mistakes} />
        <Note name={names.json} notes={notes} />
      </details>
    </fieldset>
  );
}

/** The names and values that browsers suggest. */
function Suggestions({ known }: { known: readonly KnownAttribute[] }): JSX.Element {
  return (
    <>
      <datalist id="names">
        {known.map(({ name }) => (
          <option value={shown(name)} />
        ))}
      </datalist>
      {known.map(({ values }, i) => (
        <datalist id={`values-${i}`}>
          {values.map((it) => (
            <option value={shown(it)} />
          ))}
        </datalist>
      ))}
    </>
  );
}

function valuesOf(name: string, known: readonly KnownAttribute[]): string | undefined {
  const index = known.findIndex((it) => it.name === name);
  return index < 0 ? undefined : `values-${index}`;
}

/** Returns the filled rows, then suggestions and blank rows. */
function rowsOf(
  rows: SubjectInput["rows"],
  suggested: readonly KnownAttribute[],
): SubjectInput["rows"] {
  const entered = new Set(rows.map(([name]) => name));
  const names = new Set(suggested.map(({ name }) => name).filter((it) => !entered.has(it)));
  const added = [...names]
    .slice(0, Math.max(0, SUGGESTED_ROWS - rows.length))
    .map((name) => [name, ""] as const);
  const blank = Array.from({ length: BLANK_ROWS }, () => ["", ""] as const);
  return [...rows, ...added, ...blank];
}

/** Options are short, because a select cuts off what is longer than its column. */
const SERVED_NOW = "served now";

/** Number of characters of a revision that are shown: enough to tell revisions apart. */
const REVISION_LENGTH = 8;

/** The configurations that are no longer served. */
function Earlier({
  revisions,
  selected,
  served,
}: Configurations & { selected: string }): JSX.Element {
  return (
    <>
      {revisions
        .filter((it) => it.revision !== served)
        .map((it) => (
          <option value={it.revision} selected={it.revision === selected}>
            {`${instantText(it.seenAtMs)}, ${it.revision.slice(0, REVISION_LENGTH)}`}
          </option>
        ))}
    </>
  );
}

/** Returns HTML attributes that mark an invalid field, or refer to its note. */
function markOf(
  name: FieldName,
  mistakes: FieldMessages,
  notes: FieldMessages = {},
): Record<string, string> {
  if (mistakes[name] !== undefined) {
    return { "aria-invalid": "true", "aria-describedby": `wrong-${name}` };
  }
  return notes[name] === undefined ? {} : { "aria-describedby": `note-${name}` };
}

function Mistake({
  mistakes,
  name,
}: {
  name: FieldName;
  mistakes: FieldMessages;
}): JSX.Element | null {
  const message = mistakes[name];
  if (message === undefined) return null;
  return (
    <span class="wrong" id={`wrong-${name}`} role="alert">
      <Text text={message} />
    </span>
  );
}

function Note({ name, notes }: { name: FieldName; notes: FieldMessages }): JSX.Element | null {
  const message = notes[name];
  if (message === undefined) return null;
  return (
    <span class="note" id={`note-${name}`}>
      <Text text={message} />
    </span>
  );
}
