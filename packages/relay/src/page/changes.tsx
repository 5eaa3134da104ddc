import type { JSX } from "hono/jsx/jsx-runtime";
import type { ChangedPart } from "../explain/change-words.js";
import type { ChangedFlag } from "../explain/compare-revisions.js";
import type { SeenRevision } from "../history/history.js";
import type { ChangeView } from "../views/environment-views.js";
import { ALL_CHANGES, changeJsonAddress, pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { instantText, isoText, Text, Time } from "./text.js";

/** The revisions that this relay received for one environment. */
interface EnvironmentHistory {
  readonly environment: string;
  /** Newest first. */
  readonly revisions: readonly SeenRevision[];
}

interface ChangesProps {
  readonly frame: Frame;
  /** One for the environment of the frame, or one for each environment. */
  readonly histories: readonly EnvironmentHistory[];
}

/** A revision of an environment. */
interface SeenIn {
  readonly environment: string;
  readonly seen: SeenRevision;
}

/** Lists the changes of one environment or of all, by day. */
export function ChangesPage({ frame, histories }: ChangesProps): JSX.Element {
  const isOfAll = frame.environment === null;
  const all = histories
    .flatMap(({ environment, revisions }) => revisions.map((seen) => ({ environment, seen })))
    .sort((a, b) => b.seen.seenAtMs - a.seen.seenAtMs);
  const changes = all.filter(({ seen }) => seen.changes !== null);
  const starts = histories.flatMap(({ environment, revisions }) =>
    revisions.filter(({ changes }) => changes === null).map((seen) => ({ environment, seen })),
  );
  const days = [...new Set(changes.map(dayOf))];
  let left = MAX_OPENED;
  const opened = new Map(
    changes.map((it) => {
      const count = Math.min(left, listedFlags(it.seen).length);
      left -= count;
      return [it, count] as const;
    }),
  );
  return (
    <Layout
      title={isOfAll ? "Changes in all environments" : "Changes"}
      frame={frame}
      view="changes"
    >
      <p class="lead">
        {changes.length === 0
          ? "Changes seen by this relay replica, newest first."
          : `${countText(changes.length, "change")} seen by this relay replica, newest first.`}{" "}
        Configurations do not record who made a change.
        {isOfAll || frame.environments.length === 1 ? null : (
          <>
            {" "}
            <a href={ALL_CHANGES}>Show all environments</a>
          </>
        )}
      </p>
      {changes.length === 0 ? (
        <p class="empty">
          {starts.length === 0
            ? "Changes appear here once the relay has received a configuration."
            : "The relay has not seen any changes yet. They will appear here."}
        </p>
      ) : null}
      {days.map((day) => (
        <section>
          <h2>
            <time datetime={day}>{day}</time>
          </h2>
          <ol class="timeline card">
            {changes
              .filter((it) => dayOf(it) === day)
              .map((it) => (
                <Entry at={it} isNamed={isOfAll} opened={opened.get(it) ?? 0} />
              ))}
          </ol>
        </section>
      ))}
      {starts.length === 0 ? null : <Starts starts={starts} isNamed={isOfAll} />}
    </Layout>
  );
}

interface StartsProps {
  readonly starts: readonly SeenIn[];
  /** Whether the environments are named. */
  readonly isNamed: boolean;
}

/** Lists first configurations separately, because they have no changes. */
function Starts({ isNamed, starts }: StartsProps): JSX.Element {
  return (
    <section>
      <h2>First configurations</h2>
      <p class="quiet">The relay has nothing older to compare these configurations with.</p>
      <ul class="starts">
        {starts.map(({ environment, seen: { revision, seenAtMs } }) => (
          <li class={isNamed ? "named" : ""}>
            <Time ms={seenAtMs} />
            {isNamed ? <b>{environment}</b> : null}
            <a href={pageAddress(environment, "subject", { revision })}>
              Evaluate with the first configuration
            </a>
            <code class="quiet">{revision}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Maximum number of flags listed for a revision. */
const MAX_FLAGS = 5;
/** Maximum number of flags of the whole page that can be opened in place. The others lead to the page of their change. */
const MAX_OPENED = 50;

interface EntryProps {
  readonly at: SeenIn;
  /** Whether the environment is named. */
  readonly isNamed: boolean;
  /** How many of its flags can be opened in place. */
  readonly opened: number;
}

function Entry({ at: { environment, seen }, isNamed, opened }: EntryProps): JSX.Element {
  const { changes, publishedAtMs, revision, seenAtMs } = seen;
  const seenAt = isoText(seenAtMs);
  const address = pageAddress(environment, "change", { revision, seen: seenAt });
  const flags = listedFlags(seen);
  const left = (changes?.size ?? 0) - flags.length;
  return (
    <li>
      <div>
        <time datetime={seenAt}>{seenAt.slice(11, 19)}Z</time>
        {isNamed ? (
          <div class="small">
            <a href={pageAddress(environment, "changes")}>{environment}</a>
          </div>
        ) : null}
      </div>
      <div>
        {changes?.size === 0 ? <p>No flag changed</p> : null}
        {flags.map((flag, i) =>
          i < opened && flag.changes.length > 0 ? (
            <details>
              <summary>
                <FlagLine flag={flag} />
              </summary>
              <Parts parts={flag.changes} all={<a href={address}>show the whole change</a>} />
            </details>
          ) : (
            <p class="line">
              <FlagLine flag={flag} />
            </p>
          ),
        )}
        {left > 0 ? (
          <p class="line">
            <a href={address}>{countText(left, flags.length === 0 ? "flag" : "more flag")}</a>
          </p>
        ) : null}
        <p class="facts quiet small">
          <a href={address}>Before and after</a>
          <a href={pageAddress(environment, "subject", { revision })}>
            Evaluate with this configuration
          </a>
          {publishedAtMs === null ? null : (
            <span>
              Published <Time ms={publishedAtMs} />
            </span>
          )}
          <code>{revision}</code>
        </p>
      </div>
    </li>
  );
}

function listedFlags({ described }: SeenRevision): readonly ChangedFlag[] {
  return described.slice(0, MAX_FLAGS);
}

/** A flag, and what changed in one line. */
function FlagLine({ flag: { change, key, summary } }: { flag: ChangedFlag }): JSX.Element {
  return (
    <>
      <b>
        <Text text={key} />
        {change === "changed" && summary !== change ? ":" : null}
      </b>{" "}
      {change === "changed" ? null : (
        <>
          <StateChip state={change} />{" "}
        </>
      )}
      {summary === change ? null : <Text text={summary} />}
    </>
  );
}

interface PartsProps {
  readonly parts: readonly ChangedPart[];
  readonly all: JSX.Element;
}

/** The changed parts of a flag, before and after. */
function Parts({ all, parts }: PartsProps): JSX.Element {
  return (
    <table class="before-after stacked">
      <thead>
        <tr>
          {["Part", "Before", "After"].map((it) => (
            <th scope="col">{it}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {parts
          .slice(0, MAX_PARTS)
          .map(({ after, allocationName, aspect, before, text, variation }) => (
            <tr>
              <th scope="row">
                {allocationName === null ? null : (
                  <>
                    <Text text={allocationName} />,{" "}
                  </>
                )}
                {variation ? (
                  <>
                    variation <Text text={variation} />,{" "}
                  </>
                ) : null}
                {PARTS[aspect]}
              </th>
              {before === "" && after === "" ? (
                <td colspan={2}>
                  <Text text={text} all={all} />
                </td>
              ) : (
                <>
                  <td data-label="Before">
                    <Text text={before} all={all} />
                  </td>
                  <td data-label="After">
                    <Text text={after} all={all} />
                  </td>
                </>
              )}
            </tr>
          ))}
        {parts.length > MAX_PARTS ? (
          <tr>
            <td colspan={3}>
              {countText(parts.length - MAX_PARTS, "more part")}: {all}
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

const PARTS: Readonly<Record<ChangedPart["aspect"], string>> = {
  salt: "hash",
  state: "state",
  allocation: "allocation",
  window: "window",
  rule: "rules",
  traffic: "split",
  value: "value",
  default: "default value",
  type: "type",
  logging: "logging",
  other: "other",
};

/** Returns the UTC day on which this relay received a revision. */
function dayOf({ seen }: SeenIn): string {
  return isoText(seen.seenAtMs).slice(0, 10);
}

interface ChangeProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly view: ChangeView;
}

/** One change, flag by flag. */
export function ChangePage({ environment, frame, view }: ChangeProps): JSX.Element {
  const { before, flags, revision } = view;
  const query = { revision: revision.revision, seen: isoText(revision.seenAtMs) };
  const jsonAddress = changeJsonAddress(environment, revision.revision, {
    ...{ seen: query.seen, from: `${flags.from}` },
  });
  const subject = (name: string, text: string): JSX.Element => (
    <a href={pageAddress(environment, "subject", { revision: name })}>{text}</a>
  );
  const all = <a href={jsonAddress}>show all as JSON</a>;
  return (
    <Layout title={`Change at ${instantText(revision.seenAtMs)}`} frame={frame} view="changes">
      <dl class="card">
        <dt>Seen</dt>
        <dd>
          <Time ms={revision.seenAtMs} /> <code class="quiet small">{revision.revision}</code>
        </dd>
        <dt>Published</dt>
        <dd>
          <Time ms={revision.publishedAtMs} />
        </dd>
        <dt>Changed</dt>
        <dd>{countText(flags.total, "flag")}</dd>
        <dt>Evaluate</dt>
        <dd>
          {subject(before.revision, "before the change")}, {subject(revision.revision, "after it")}
        </dd>
      </dl>
      {flags.total === 0 ? <p class="empty">No flag changed in this revision.</p> : null}
      {flags.items.map((flag) => (
        <Flag environment={environment} flag={flag} all={all} />
      ))}
      <PageLinks
        page={flags}
        address={(from) => pageAddress(environment, "change", { ...query, from: `${from}` })}
      />
    </Layout>
  );
}

/** Maximum number of changed parts of a flag to show. */
const MAX_PARTS = 50;

interface FlagProps {
  readonly environment: string;
  readonly flag: ChangedFlag;
  readonly all: JSX.Element;
}

function Flag({ all, environment, flag }: FlagProps): JSX.Element {
  const { change, changes, key, summary } = flag;
  const isRerandomized = changes.some(({ aspect }) => aspect === "salt");
  return (
    <section class="card">
      <h2>
        {change === "removed" ? (
          <Text text={key} all={all} />
        ) : (
          <a href={pageAddress(environment, "flag", { key })}>
            <Text text={key} />
          </a>
        )}{" "}
        <StateChip state={isRerandomized ? "re-randomised" : change} />
      </h2>
      {summary === change ? null : (
        <p>
          <Text text={summary} all={all} />
        </p>
      )}
      {changes.length === 0 ? null : <Parts parts={changes} all={all} />}
    </section>
  );
}
