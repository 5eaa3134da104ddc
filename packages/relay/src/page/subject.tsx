import type { JSX } from "hono/jsx/jsx-runtime";
import type { ExplainedAnswer } from "../explain/explain-flag.js";
import type { SubjectFlag } from "../explain/explain-subject.js";
import type { KnownAttribute } from "../explain/known-attributes.js";
import { PAGE_SIZE, type Page } from "../explain/paging.js";
import type { SeenRevision } from "../history/history.js";
import { pageAddress } from "./addresses.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { rangeText } from "./page-links.js";
import { MAX_TEXT, shown } from "./shown.js";
import { COMPARE_SERVED, type FieldMistakes, type SubjectFields } from "./subject-form.js";
import { Text } from "./text.js";

/** The results of an evaluation. */
export interface SubjectAnswer {
  readonly flags: Page<SubjectFlag>;
  /** Results with the revision to compare with; `null` for no comparison. */
  readonly compared: Page<SubjectFlag> | null;
  /** `null`: no flag is opened. */
  readonly opened: ExplainedAnswer | null;
}

interface SubjectProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly fields: SubjectFields;
  readonly mistakes: FieldMistakes;
  readonly revisions: readonly SeenRevision[];
  /** Suggested in the form. */
  readonly attributes: readonly KnownAttribute[];
  /** `null` if nothing was evaluated. */
  readonly answer: SubjectAnswer | null;
}

/** Maximum number of rows with a suggested attribute, and number of blank rows. */
const SUGGESTED_ROWS = 4;
const BLANK_ROWS = 1;
const FORM = "subject";

/** The page with the values of all flags for a subject, and their reasons. */
export function SubjectPage(props: SubjectProps): JSX.Element {
  const { answer, environment, fields, frame, mistakes } = props;
  return (
    <Layout title="Evaluate" frame={frame} view="subject">
      <div class="columns">
        <Form {...props} />
        <div>
          {answer === null ? (
            <p class="empty">
              {Object.keys(mistakes).length === 0
                ? "Enter a subject key to see the value of each flag and the reason for it. Nothing is logged."
                : "Nothing was evaluated. Correct the marked fields."}
            </p>
          ) : (
            <Results environment={environment} fields={fields} answer={answer} />
          )}
        </div>
      </div>
    </Layout>
  );
}

function Form({ attributes, environment, fields, mistakes, revisions }: SubjectProps): JSX.Element {
  const { compare, json, now, revision, rows, search, subjectKey } = fields;
  return (
    <form id={FORM} class="card" method="post" action={pageAddress(environment, "subject")}>
      <label>
        Subject key
        <input name="key" value={subjectKey} autocomplete="off" />
      </label>
      <fieldset>
        <legend>Attributes</legend>
        {rowsOf(rows, attributes).map(([name, value], i) => (
          <AttributeRow name={name} value={value} index={i} known={attributes} />
        ))}
        <datalist id="names">
          {attributes.map(({ name }) => (
            <option value={shown(name)} />
          ))}
        </datalist>
        {attributes.map(({ values }, i) => (
          <datalist id={`values-${i}`}>
            {values.map((it) => (
              <option value={shown(it)} />
            ))}
          </datalist>
        ))}
        <p class="hint">
          Rows without a value are ignored. Numbers, true, null and ["a"] are read as JSON. Write
          "5" for the string 5.
        </p>
        <details open={json !== "" || mistakes.attributes !== undefined}>
          <summary>Attributes as JSON</summary>
          <textarea
            name="attributes"
            aria-label="Attributes as JSON"
            placeholder='{"country":"DE"}'
            {...markOf("attributes", mistakes)}
          >
            {json}
          </textarea>
          <Mistake name="attributes" mistakes={mistakes} />
        </details>
      </fieldset>
      <details open={[search, now, revision, compare].some((it) => it !== "")}>
        <summary>Flags, time and revision</summary>
        <div class="fields options">
          <label>
            Filter flags
            <input name="search" value={search} {...markOf("search", mistakes)} />
            <Mistake name="search" mistakes={mistakes} />
          </label>
          <label>
            Time (default: now)
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
              <option value="">served now</option>
              <Revisions revisions={revisions} selected={revision} />
            </select>
            <Mistake name="revision" mistakes={mistakes} />
          </label>
          <label>
            Compare with
            <select name="compare" {...markOf("compare", mistakes)}>
              <option value="">nothing</option>
              <option value={COMPARE_SERVED} selected={compare === COMPARE_SERVED}>
                served now
              </option>
              <Revisions revisions={revisions} selected={compare} />
            </select>
            <Mistake name="compare" mistakes={mistakes} />
          </label>
        </div>
      </details>
      <p>
        <button type="submit" class="main">
          Evaluate
        </button>
      </p>
    </form>
  );
}

function Revisions({
  revisions,
  selected,
}: Pick<SubjectProps, "revisions"> & { selected: string }): JSX.Element {
  return (
    <>
      {revisions.map((it) => (
        <option value={it.revision} selected={it.revision === selected}>
          {`since ${new Date(it.seenAtMs).toISOString()}, ${it.revision}`}
        </option>
      ))}
    </>
  );
}

type AttributeRows = SubjectFields["rows"];

/** Returns the filled rows, then suggestions and blank rows. */
function rowsOf(rows: AttributeRows, attributes: readonly KnownAttribute[]): AttributeRows {
  const entered = new Set(rows.map(([name]) => name));
  const suggested = attributes
    .filter(({ name }) => !entered.has(name))
    .slice(0, Math.max(0, SUGGESTED_ROWS - rows.length))
    .map(({ name }) => [name, ""] as const);
  const blank = Array.from({ length: BLANK_ROWS }, () => ["", ""] as const);
  return [...rows, ...suggested, ...blank];
}

interface AttributeRowProps {
  readonly name: string;
  readonly value: string;
  readonly index: number;
  readonly known: readonly KnownAttribute[];
}

function AttributeRow({ index, known, name, value }: AttributeRowProps): JSX.Element {
  const list = known.findIndex((it) => it.name === name);
  return (
    <div class="row">
      <input
        name="name"
        value={name}
        aria-label={`Name ${index + 1}`}
        placeholder="name"
        list="names"
        autocomplete="off"
      />
      <input
        name="value"
        value={value}
        aria-label={`Value ${index + 1}`}
        placeholder="value"
        list={list < 0 ? undefined : `values-${list}`}
        autocomplete="off"
      />
    </div>
  );
}

type FieldName = keyof FieldMistakes;

/** HTML attributes that mark a field with a mistake. */
function markOf(name: FieldName, mistakes: FieldMistakes): Record<string, string> {
  if (mistakes[name] === undefined) return {};
  return { "aria-invalid": "true", "aria-describedby": `wrong-${name}` };
}

function Mistake({
  mistakes,
  name,
}: {
  name: FieldName;
  mistakes: FieldMistakes;
}): JSX.Element | null {
  const message = mistakes[name];
  if (message === undefined) return null;
  return (
    <span class="wrong" id={`wrong-${name}`} role="alert">
      <Text text={message} />
    </span>
  );
}

function Opened({
  answer: { command, flag, text },
  environment,
}: {
  answer: ExplainedAnswer;
  environment: string;
}): JSX.Element {
  const all = <AllAsText environment={environment} flag={flag} />;
  return (
    <section class="opened" aria-label="Explanation">
      <Pre text={text} all={all} />
      <p class="small">
        To print this explanation in a terminal, save the configuration to a file and run:
      </p>
      <Pre text={command} all={all} />
    </section>
  );
}

/** Characters of a tree that are shown: hundreds of lines. */
const MAX_TREE = 50_000;

function Pre({ all, text }: { all: JSX.Element; text: string }): JSX.Element {
  if (text.length <= MAX_TREE) return <pre>{shown(text)}</pre>;
  return (
    <>
      <pre>{shown(text.slice(0, MAX_TREE))}…</pre>
      <p>
        The first {countText(MAX_TREE, "character")} of {text.length.toLocaleString("en-US")} are
        shown. {all}
      </p>
    </>
  );
}

/** A button that opens the full explanation of a flag as plain text. */
function AllAsText({ environment, flag }: { environment: string; flag: string }): JSX.Element {
  return (
    <button
      type="submit"
      class="link"
      form={FORM}
      formaction={`${pageAddress(environment, "subject")}/text`}
      name="flag"
      value={flag}
    >
      Show all as text
    </button>
  );
}

interface ResultsProps {
  readonly environment: string;
  readonly fields: SubjectFields;
  readonly answer: SubjectAnswer;
}

function Results({ answer, environment, fields }: ResultsProps): JSX.Element {
  const { compared, flags, opened } = answer;
  const { from, items, total } = flags;
  const { revision, search } = fields;
  const next = from + items.length;
  const others =
    compared === null ? null : new Map(compared.items.map((it) => [it.key, it] as const));
  // A flag whose explanation is open is listed even if the filter excludes it.
  const isListed = items.some(({ key }) => key === opened?.flag);
  return (
    <>
      <p class="quiet">
        {countText(total, "flag")}, {rangeText(flags)} ·{" "}
        <a href={pageAddress(environment, "subject", { search, revision })}>
          Link to this form without the subject
        </a>
      </p>
      {compared === null ? null : <NotCompared flags={flags} compared={compared} />}
      {items.length === 0 ? <p class="empty">No flag matches the filter.</p> : null}
      {opened === null || isListed ? null : (
        <div class="card" id="opened">
          <h2>
            <Text text={opened.flag} />
          </h2>
          <Opened environment={environment} answer={opened} />
        </div>
      )}
      <ul class="results">
        {differingFirst(items, others).map((flag) => (
          <Result
            environment={environment}
            flag={flag}
            other={differenceOf(flag, others)}
            from={from}
            opened={opened?.flag === flag.key ? opened : null}
          />
        ))}
      </ul>
      {from > 0 ? (
        <From environment={environment} index={Math.max(0, from - PAGE_SIZE)} text="Previous" />
      ) : null}{" "}
      {next < total ? <From environment={environment} index={next} text="Next" /> : null}
    </>
  );
}

/** Lists flags that are shown for only one of the two revisions. */
function NotCompared({
  compared,
  flags,
}: {
  flags: Page<SubjectFlag>;
  compared: Page<SubjectFlag>;
}): JSX.Element | null {
  const onlyIn = (one: Page<SubjectFlag>, other: Page<SubjectFlag>): readonly string[] => {
    const keys = new Set(other.items.map(({ key }) => key));
    return one.items.flatMap(({ key }) => (keys.has(key) ? [] : [key]));
  };
  const [here, there] = [onlyIn(flags, compared), onlyIn(compared, flags)];
  if (here.length === 0 && there.length === 0) return null;
  const hasPages = Math.max(flags.total, compared.total) > PAGE_SIZE;
  return (
    <p>
      {[
        ["Not in the compared revision: ", here] as const,
        ["Only in the compared revision: ", there] as const,
      ].map(([text, keys]) =>
        keys.length === 0 ? null : (
          <>
            {text}
            <Text text={keys.join(", ")} />.{" "}
          </>
        ),
      )}
      {hasPages ? "Some flags may be on another page. Filter flags to compare them." : null}
    </p>
  );
}

type Others = ReadonlyMap<string, SubjectFlag> | null;

/** Returns the result of the compared revision; `null` if it is equal, or if nothing is compared. */
function differenceOf(flag: SubjectFlag, others: Others): SubjectFlag | null {
  const other = others?.get(flag.key);
  if (other === undefined) return null;
  const [here, there] = [flag, other].map((it) =>
    JSON.stringify([it.isAssigned, it.value, it.variation]),
  );
  return here === there ? null : other;
}

function differingFirst(items: readonly SubjectFlag[], others: Others): readonly SubjectFlag[] {
  const differs = (it: SubjectFlag): boolean => differenceOf(it, others) !== null;
  return [...items.filter(differs), ...items.filter((it) => !differs(it))];
}

interface ResultProps {
  readonly environment: string;
  readonly flag: SubjectFlag;
  /** Result of the compared revision if it differs. */
  readonly other: SubjectFlag | null;
  readonly from: number;
  readonly opened: ExplainedAnswer | null;
}

function Result({ environment, flag, from, opened, other }: ResultProps): JSX.Element {
  const { allocation, key, plainWhy, value, variation } = flag;
  const all = <AllAsText environment={environment} flag={key} />;
  const isOpen = opened !== null;
  return (
    <li id={isOpen ? "opened" : undefined}>
      <div class="result">
        <h2>
          <a href={pageAddress(environment, "flag", { key })}>
            <Text text={key} />
          </a>
        </h2>
        <div>
          <ValueChip flag={flag} all={all} />
          {other === null ? null : (
            <div class="small">
              <span class="chip warn">differs</span> compared: <ValueChip flag={other} all={null} />
            </div>
          )}
          {variation === null || variation === `${value}` ? null : (
            <div class="quiet small">
              <Text text={variation} all={all} />
            </div>
          )}
        </div>
        <div>
          <Text text={plainWhy} all={all} />
          {allocation === null ? null : (
            <div class="quiet small">
              allocation <Text text={allocation} all={all} />
            </div>
          )}
        </div>
        <button
          type="submit"
          form={FORM}
          formaction={`${fromAddress(environment, from)}${isOpen ? "" : "#opened"}`}
          name={isOpen ? undefined : "flag"}
          value={isOpen ? undefined : key}
          aria-expanded={isOpen ? "true" : "false"}
          aria-label={`${isOpen ? "Close" : "Why"}, ${shown(key.slice(0, MAX_TEXT))}`}
        >
          {isOpen ? "Close" : "Why"}
        </button>
      </div>
      {opened === null ? null : <Opened environment={environment} answer={opened} />}
    </li>
  );
}

function ValueChip({
  all,
  flag: { isAssigned, value },
}: {
  all: JSX.Element | null;
  flag: SubjectFlag;
}): JSX.Element {
  if (!isAssigned) return <span class="chip">default</span>;
  return (
    <span class="chip value good">
      <Text text={JSON.stringify(value)} all={all} />
    </span>
  );
}

/** Leads to another part of the list; the form is sent along. */
function From({
  environment,
  index,
  text,
}: {
  environment: string;
  index: number;
  text: string;
}): JSX.Element {
  return (
    <button type="submit" form={FORM} formaction={fromAddress(environment, index)}>
      {text}
    </button>
  );
}

function fromAddress(environment: string, from: number): string {
  return pageAddress(environment, "subject", { from: `${from}` });
}
