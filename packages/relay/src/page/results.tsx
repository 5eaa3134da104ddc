import { shareText, variationText } from "@sortition/core/dialect-internal";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { ComparedFlag, Comparison } from "../explain/compare-values.js";
import type { FlagExplanation } from "../explain/explain-flag.js";
import type { SubjectFlag } from "../explain/explain-subject.js";
import { PAGE_SIZE, type Page } from "../explain/paging.js";
import { timeFrom } from "../views/subject-question.js";
import { pageAddress } from "./addresses.js";
import { colorOf, Swatch } from "./bars.js";
import { type Configurations, configurationLabel, selectedIn } from "./configuration-label.js";
import { countText } from "./count-text.js";
import { FORM } from "./evaluate-form.js";
import { Explanation, Marked } from "./explanation.js";
import { rangeText } from "./page-links.js";
import { MAX_TEXT, shown } from "./shown.js";
import { type SubjectFields, TIME_LABEL } from "./subject-form.js";
import { instantText, Json, Text } from "./text.js";

/** The results of an evaluation, or of a comparison of two configurations. */
export interface SubjectAnswer {
  readonly flags: Page<ComparedFlag>;
  /** `null`: a single evaluation. */
  readonly comparison: Pick<Comparison, "differing" | "requested"> | null;
  /** Explanations of the opened flag, one per side; empty if none is opened. */
  readonly opened: readonly FlagExplanation[];
}

interface ResultsProps extends Configurations {
  readonly environment: string;
  readonly fields: SubjectFields;
  readonly answer: SubjectAnswer;
}

/** Lists flags with their values and reasons. Comparisons list different flags first. */
export function Results(props: ResultsProps): JSX.Element {
  const { environment, fields } = props;
  const isReversed = isEarlier(fields.compare, fields.revision, props);
  const { comparison, flags, opened } = isReversed ? reversed(props.answer) : props.answer;
  const { from, items, total } = flags;
  const next = from + items.length;
  const sides = comparison === null ? [] : [fields.revision, fields.compare];
  const labels = (isReversed ? sides.toReversed() : sides).map((it) =>
    configurationLabel(it, props),
  );
  const subject = (
    <>
      {" "}
      for <Text text={fields.subject.key} />
    </>
  );
  const openedKey = opened[0]?.flag ?? null;
  const list = (some: readonly ComparedFlag[]): JSX.Element | null =>
    some.length === 0 ? null : (
      <ul class="results">
        {some.map((flag) => (
          <Result
            environment={environment}
            flag={flag}
            from={from}
            labels={labels}
            opened={openedKey === flag.key ? opened : []}
          />
        ))}
      </ul>
    );
  return (
    <>
      {openedKey === null || items.some(({ key }) => key === openedKey) ? null : (
        <section class="card" id="opened">
          <h2>
            <Text text={openedKey} />
          </h2>
          <Explanations environment={environment} opened={opened} labels={labels} />
        </section>
      )}
      {comparison === null ? (
        <>
          <h2>
            {countText(total, "flag")}
            {subject}
          </h2>
          <At fields={fields} configurations={props} />
          <Part flags={flags} />
          {list(items)}
        </>
      ) : (
        <>
          <h2>
            {differingText(comparison.differing)}
            {subject}
          </h2>
          <At fields={fields} configurations={props} />
          {comparison.requested > total ? (
            <p>
              {`The first ${countText(total, "flag")} of ${comparison.requested.toLocaleString("en-US")} are compared. Filter flags to compare others.`}
            </p>
          ) : null}
          <Part flags={flags} />
          {list(items.filter((it) => it.differs))}
          {comparison.differing === total ? null : (
            <h2>{countText(total - comparison.differing, "flag")} with the same value</h2>
          )}
          {list(items.filter((it) => !it.differs))}
        </>
      )}
      {items.some(({ here, there }) => isDefault(here) || isDefault(there)) ? (
        <p class="small">
          <strong>Your code's default</strong>{" "}
          <span class="quiet">
            means that the configuration has no value for this subject. The application uses the
            default value in its own code.
          </span>
        </p>
      ) : null}
      {items.some(({ here, there }) => isUndecided(here) || isUndecided(there)) ? (
        <p class="small">
          <strong>Not decided</strong>{" "}
          <span class="quiet">
            means that the value depends on data that you did not enter, or that only the vendor's
            server has. For an attribute that the subject does not have, enter <code>null</code>.
          </span>
        </p>
      ) : null}
      {total === 0 ? <p class="empty">No flag matches the filter.</p> : null}
      <p>
        {from > 0 ? (
          <From environment={environment} index={Math.max(0, from - PAGE_SIZE)} text="Previous" />
        ) : null}{" "}
        {next < total ? <From environment={environment} index={next} text="Next" /> : null}
      </p>
      {[fields.search, fields.now, fields.revision, fields.compare].every(
        (it) => it === "",
      ) ? null : (
        <p class="small">
          <a href={sharedAddress(environment, fields)}>
            Link to this form, without the customer's data
          </a>
        </p>
      )}
    </>
  );
}

function isDefault(flag: SubjectFlag | null): boolean {
  return flag !== null && !flag.isAssigned && !isUndecided(flag) && !hasNoValue(flag);
}

/** Whether the given data do not determine the value (PostHog). */
function isUndecided(flag: SubjectFlag | null): boolean {
  return flag?.reason === "unresolved";
}

/** Whether the subject gets a variation without a value (Amplitude). */
function hasNoValue({ isAssigned, reason, variationName }: SubjectFlag): boolean {
  return !isAssigned && reason === "no-allocation" && variationName !== null;
}

/** Shows which part of the list this is, unless the list is complete. */
function Part({ flags }: { flags: Page<ComparedFlag> }): JSX.Element | null {
  if (flags.items.length === flags.total) return null;
  return <p class="quiet">{rangeText(flags)}</p>;
}

/** Shows the time and the configuration of the evaluation, unless both are the current ones. */
function At({
  configurations,
  fields: { compare, now, revision },
}: {
  configurations: Configurations;
  fields: SubjectFields;
}): JSX.Element | null {
  const parts = [
    ...(now.trim() === "" ? [] : [`at ${instantText(timeFrom(now, 0, TIME_LABEL))}`]),
    ...(revision === "" || compare !== ""
      ? []
      : [`with the ${configurationLabel(revision, configurations)}`]),
  ];
  if (parts.length === 0) return null;
  return (
    <p class="quiet">
      <Text text={parts.join(", ").replace(/^./, (first) => first.toUpperCase())} />
    </p>
  );
}

/** Whether the configuration to compare with is older than the other one. */
function isEarlier(compare: string, revision: string, configurations: Configurations): boolean {
  if (compare === "") return false;
  const [there, here] = [compare, revision].map((it) => selectedIn(it, configurations)?.seenAtMs);
  return there !== undefined && there < (here ?? Number.POSITIVE_INFINITY);
}

/** Swaps the sides of a comparison. */
function reversed({ comparison, flags, opened }: SubjectAnswer): SubjectAnswer {
  const items = flags.items.map((it) => ({ ...it, here: it.there, there: it.here }));
  return { comparison, flags: { ...flags, items }, opened: opened.toReversed() };
}

/** Describes how the shares of an allocation differ between the sides: `on: 50% → 90%`. */
function splitChange(here: SubjectFlag, there: SubjectFlag): string {
  if (here.allocationTitle === null || here.allocationTitle !== there.allocationTitle) return "";
  const names = new Set([...here.shares, ...there.shares].map(({ name }) => name));
  const shareIn = ({ shares }: SubjectFlag, name: string): string =>
    shareText(shares.find((it) => it.name === name)?.share ?? 0);
  return [...names]
    .map((name) => [name, shareIn(here, name), shareIn(there, name)] as const)
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]) => `${name}: ${before} → ${after}`)
    .join(", ");
}

function differingText(count: number): string {
  if (count === 0) return "No flag differs";
  return count === 1 ? "1 flag differs" : `${countText(count, "flag")} differ`;
}

/** Returns an address of the form without subjects and attributes, because browsers and proxies record addresses. */
function sharedAddress(
  environment: string,
  { compare, flag, now, revision, search }: SubjectFields,
): string {
  const fields = Object.entries({ search, flag, now, revision, compare });
  return pageAddress(
    environment,
    "subject",
    Object.fromEntries(fields.filter(([, value]) => value !== "")),
  );
}

interface ResultProps {
  readonly environment: string;
  readonly flag: ComparedFlag;
  readonly from: number;
  /** Labels of the two sides; empty for no comparison. */
  readonly labels: readonly string[];
  readonly opened: readonly FlagExplanation[];
}

function Result({ environment, flag, from, labels, opened }: ResultProps): JSX.Element {
  const { differs, here, key, there } = flag;
  const all = <AllAsText environment={environment} flag={key} />;
  const isOpen = opened.length > 0;
  const change = differs && here !== null && there !== null ? splitChange(here, there) : "";
  return (
    <li id={isOpen ? "opened" : undefined}>
      <div class="result">
        <h3>
          <button
            type="submit"
            class="link"
            form={FORM}
            formaction={pageAddress(environment, "flag", { key, from: `${from}` })}
          >
            <Text text={key} />
          </button>
        </h3>
        <div class="sides">
          {differs ? (
            [here, there].map((it, i) => <Side flag={it} label={labels[i] ?? null} all={all} />)
          ) : (
            <Side flag={here ?? there} label={null} all={all} />
          )}
          {change === "" ? null : (
            <div class="small">
              Split: <Text text={change} all={all} />
            </div>
          )}
        </div>
        <button
          type="submit"
          form={FORM}
          formaction={`${fromAddress(environment, from)}${isOpen ? "" : "#opened"}`}
          name="flag"
          value={isOpen ? "" : key}
          aria-expanded={isOpen ? "true" : "false"}
          aria-label={`${isOpen ? "Close" : "Why"}, ${shown(key.slice(0, MAX_TEXT))}`}
        >
          {isOpen ? "Close" : "Why"}
        </button>
      </div>
      {isOpen ? <Explanations environment={environment} opened={opened} labels={labels} /> : null}
    </li>
  );
}

interface SideProps {
  /** `null`: there is no such flag. */
  readonly flag: SubjectFlag | null;
  readonly label: string | null;
  readonly all: JSX.Element;
}

/** The value of a flag and the reason for it. */
function Side({ all, flag, label }: SideProps): JSX.Element {
  return (
    <div class="side">
      {label === null ? null : (
        <div class="label">
          <Text text={label} />
        </div>
      )}
      {flag === null ? (
        <div>
          <span class="chip">no such flag</span>
        </div>
      ) : (
        <>
          <div>
            <Value flag={flag} all={all} />
          </div>
          <div>
            <Json text={flag.plainWhy} all={all} />
            {flag.allocationTitle === null ? null : (
              <div class="quiet small">
                <Text text={flag.allocationTitle} all={all} />
              </div>
            )}
            {flag.unmatched.length === 0 ? null : (
              <ul class="unmatched quiet small">
                {flag.unmatched.map(({ outcome, words }) => (
                  <li>
                    <Marked outcome={outcome}>
                      <Json text={words} all={all} />
                    </Marked>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Value({ all, flag }: { flag: SubjectFlag; all: JSX.Element }): JSX.Element {
  const { value, variation, variationIndex, variationName } = flag;
  if (isDefault(flag)) return <span class="chip">your code's default</span>;
  const swatch = variationIndex === null ? null : <Swatch color={colorOf(variationIndex)} />;
  if (hasNoValue(flag)) {
    return (
      <>
        {swatch}{" "}
        <span class="chip">
          <Text text={variationName ?? ""} all={all} />
        </span>{" "}
        <span class="quiet small">no value</span>
      </>
    );
  }
  if (isUndecided(flag)) return <span class="chip warn">not decided</span>;
  const name = variationName ?? variation;
  const isShown = name !== null && name !== `${value}` && name !== variationText(value);
  return (
    <>
      {swatch}{" "}
      <span class="chip value good">
        {value === "" ? "empty string" : <Json text={JSON.stringify(value)} all={all} />}
      </span>
      {isShown ? (
        <>
          {" "}
          <span class="quiet small">
            <Text text={name} all={all} />
          </span>
        </>
      ) : null}
    </>
  );
}

function Explanations({
  environment,
  labels,
  opened,
}: {
  environment: string;
  opened: readonly FlagExplanation[];
  labels: readonly string[];
}): JSX.Element {
  return (
    <div class="opened">
      {opened.map((it, i) => (
        <section
          aria-label={`Explanation${labels[i] === undefined ? "" : `, ${shown(labels[i])}`}`}
        >
          {labels[i] === undefined ? null : (
            <div class="label">
              <Text text={labels[i]} />
            </div>
          )}
          <Explanation
            explanation={it}
            all={<AllAsText environment={environment} flag={it.flag} />}
          />
        </section>
      ))}
    </div>
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

/** A button that shows another part of the list. It submits the form again, because the results are not stored. */
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
