import type { JSX } from "hono/jsx/jsx-runtime";
import type { ExplainedAnswer } from "../explain/explain-flag.js";
import type { SubjectFlag } from "../explain/explain-subject.js";
import { PAGE_SIZE, type Page } from "../explain/paging.js";
import type { SeenRevision } from "../history/history.js";
import { pageAddress } from "./addresses.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { rangeText } from "./page-links.js";
import { MAX_TEXT, shown } from "./shown.js";
import type { SubjectFields } from "./subject-form.js";
import { Table } from "./table.js";
import { Text } from "./text.js";

/** What the form was answered with. */
export interface SubjectAnswer {
  readonly flags: Page<SubjectFlag>;
  /** `null`: no flag is opened. */
  readonly opened: ExplainedAnswer | null;
}

interface SubjectProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly fields: SubjectFields;
  readonly revisions: readonly SeenRevision[];
  /** `null`: the form is empty. */
  readonly answer: SubjectAnswer | null;
}

/** Rows of the form for further attributes. */
const BLANK_ROWS = 3;
const FORM = "subject";

/** What a subject gets, and why. */
export function SubjectPage(props: SubjectProps): JSX.Element {
  const { answer, environment, frame } = props;
  return (
    <Layout title="A subject" frame={frame} view="subject">
      <Form {...props} />
      {answer?.opened ? <Opened environment={environment} answer={answer.opened} /> : null}
      {answer === null ? null : <Flags environment={environment} page={answer.flags} />}
    </Layout>
  );
}

function Form({ environment, fields, revisions }: SubjectProps): JSX.Element {
  const { json, now, revision, rows, search, subjectKey } = fields;
  const blank = Array.from({ length: BLANK_ROWS }, () => ["", ""] as const);
  return (
    <form id={FORM} method="post" action={pageAddress(environment, "subject")}>
      <div class="fields">
        <label>
          Key of the subject
          <input name="key" value={subjectKey} />
        </label>
        <label>
          Part of the flags' keys
          <input name="search" value={search} />
        </label>
        <label>
          At this time (blank: now)
          <input name="now" value={now} placeholder="2026-02-01T12:30:00Z" />
        </label>
        <label>
          Configuration
          <select name="revision">
            <option value="">what is served now</option>
            {revisions.map((it) => (
              <option value={it.revision} selected={it.revision === revision}>
                {`since ${new Date(it.seenAtMs).toISOString()}, ${it.revision}`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset>
        <legend>Attributes</legend>
        {[...rows, ...blank].map(([name, value], i) => (
          <div class="row">
            <input name="name" value={name} aria-label={`Name ${i + 1}`} placeholder="country" />
            <input name="value" value={value} aria-label={`Value ${i + 1}`} placeholder="DE" />
          </div>
        ))}
        <label>
          As JSON
          <textarea name="attributes" placeholder='{"country":"DE"}'>
            {json}
          </textarea>
        </label>
        <p class="quiet">
          A value such as 5, true, null or ["a"] is what it is in JSON; write "5" for a string.
          Nothing is logged.
        </p>
      </fieldset>
      <button type="submit">Show</button>
    </form>
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
    <section aria-label="Why">
      <h2>
        <Text text={flag} />
      </h2>
      <Pre text={text} all={all} />
      <p>
        <a href={pageAddress(environment, "flag", { key: flag })}>The whole flag</a>. The same in a
        terminal, with the configuration in a file:
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
        shown, {all}
      </p>
    </>
  );
}

/** Shows the whole of a flag's answer. */
function AllAsText({ environment, flag }: { environment: string; flag: string }): JSX.Element {
  return (
    <button
      type="submit"
      form={FORM}
      formaction={`${pageAddress(environment, "subject")}/text`}
      name="flag"
      value={flag}
    >
      all as text
    </button>
  );
}

function Flags({
  environment,
  page,
}: {
  environment: string;
  page: Page<SubjectFlag>;
}): JSX.Element {
  const { from, items, total } = page;
  const next = from + items.length;
  return (
    <>
      <Table
        caption={`${countText(total, "flag")}, ${rangeText(page)}`}
        head={["Flag", "Value", "Variation", "Why", "Explanation"]}
      >
        {items.map((flag) => (
          <Row environment={environment} flag={flag} from={from} />
        ))}
      </Table>
      {from > 0 ? (
        <From environment={environment} index={Math.max(0, from - PAGE_SIZE)} text="Previous" />
      ) : null}{" "}
      {next < total ? <From environment={environment} index={next} text="Next" /> : null}
    </>
  );
}

function Row({
  environment,
  flag,
  from,
}: {
  environment: string;
  flag: SubjectFlag;
  from: number;
}): JSX.Element {
  const { isAssigned, key, value, variation, why } = flag;
  const all = <AllAsText environment={environment} flag={key} />;
  return (
    <tr>
      <th scope="row">
        <Text text={key} all={all} />
      </th>
      <td>{isAssigned ? <Text text={JSON.stringify(value)} all={all} /> : "the default"}</td>
      <td>{variation === null ? "" : <Text text={variation} all={all} />}</td>
      <td>
        <Text text={why} all={all} />
      </td>
      <td>
        <button
          type="submit"
          form={FORM}
          formaction={fromAddress(environment, from)}
          name="flag"
          value={key}
          aria-label={`Why, ${shown(key.slice(0, MAX_TEXT))}`}
        >
          Why
        </button>
      </td>
    </tr>
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
