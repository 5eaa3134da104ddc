import type { JSX } from "hono/jsx/jsx-runtime";
import type { ChangedPart } from "../explain/change-words.js";
import type { ChangedFlag } from "../explain/compare-revisions.js";
import { momentText } from "../explain/window-words.js";
import type { SeenRevision } from "../history/history.js";
import type { ChangeView } from "../views/environment-views.js";
import { changeJsonAddress, pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { Text, Time } from "./text.js";

interface ChangesProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly revisions: readonly SeenRevision[];
}

/** The page of revisions that this relay received, by day. */
export function ChangesPage({ environment, frame, revisions }: ChangesProps): JSX.Element {
  const days = [...new Set(revisions.map(dayOf))];
  let left = MAX_OPENED;
  const opened = new Map(
    revisions.map((it) => {
      const count = Math.min(left, listedFlags(it).length);
      left -= count;
      return [it, count] as const;
    }),
  );
  return (
    <Layout title="Changes" frame={frame} view="changes">
      <p class="lead">
        Changes that this replica of the relay saw, newest first.{" "}
        {countText(revisions.length, "revision")} kept. The payload does not say who made a change.
      </p>
      {revisions.length === 0 ? (
        <p class="empty">Changes appear here after the first configuration.</p>
      ) : null}
      {days.map((day) => (
        <section>
          <h2>
            <time datetime={day}>{day}</time>
          </h2>
          <ol class="timeline card">
            {revisions
              .filter((it) => dayOf(it) === day)
              .map((it) => (
                <Entry environment={environment} revision={it} opened={opened.get(it) ?? 0} />
              ))}
          </ol>
        </section>
      ))}
    </Layout>
  );
}

/** Maximum number of flags listed for a revision. */
const MAX_FLAGS = 5;
/** Maximum number of flags of the whole page that can be opened in place. The others lead to the page of their change. */
const MAX_OPENED = 50;

interface EntryProps {
  readonly environment: string;
  readonly revision: SeenRevision;
  /** How many of its flags can be opened in place. */
  readonly opened: number;
}

function Entry({ environment, opened, revision: seen }: EntryProps): JSX.Element {
  const { changes, publishedAtMs, revision, seenAtMs } = seen;
  const seenAt = isoText(seenAtMs);
  const time = <time datetime={seenAt}>{seenAt.slice(11, 19)}Z</time>;
  const address = pageAddress(environment, "change", { revision, seen: seenAt });
  const flags = listedFlags(seen);
  const left = (changes?.size ?? 0) - flags.length;
  return (
    <li>
      {changes === null ? time : <a href={address}>{time}</a>}
      <div>
        {changes === null ? <p>First configuration that this relay served</p> : null}
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
        <p class="quiet small">
          {publishedAtMs === null ? null : (
            <>
              published <Time ms={publishedAtMs} /> ·{" "}
            </>
          )}
          <a href={pageAddress(environment, "subject", { revision })}>
            Evaluate <code>{revision}</code>
          </a>
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

/** The changed parts of a flag, before and after. */
function Parts({ all, parts }: { parts: readonly ChangedPart[]; all: JSX.Element }): JSX.Element {
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
        {parts.slice(0, MAX_PARTS).map(({ after, allocation, aspect, before, text }) => (
          <tr>
            <th scope="row">
              {allocation === null ? null : (
                <>
                  <Text text={allocation} />,{" "}
                </>
              )}
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
function dayOf({ seenAtMs }: SeenRevision): string {
  return isoText(seenAtMs).slice(0, 10);
}

function isoText(ms: number): string {
  return new Date(ms).toISOString();
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
    <Layout title={`Change of ${momentText(revision.seenAtMs)}`} frame={frame} view="changes">
      <dl class="card">
        <dt>Seen</dt>
        <dd>
          <Time ms={revision.seenAtMs} />
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
