import type { JSX } from "hono/jsx/jsx-runtime";
import type { ChangedFlag, ChangeKind } from "../explain/compare-revisions.js";
import type { SeenRevision } from "../history/history.js";
import type { ChangeView } from "../views/environment-views.js";
import { changeJsonAddress, pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { Table } from "./table.js";
import { Text, Time } from "./text.js";

interface ChangesProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly revisions: readonly SeenRevision[];
}

/** The page of revisions that this relay received, by day. */
export function ChangesPage({ environment, frame, revisions }: ChangesProps): JSX.Element {
  const days = [...new Set(revisions.map(dayOf))];
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
          <ol class="timeline">
            {revisions
              .filter((it) => dayOf(it) === day)
              .map((it) => (
                <Entry environment={environment} revision={it} />
              ))}
          </ol>
        </section>
      ))}
    </Layout>
  );
}

const KINDS: readonly ChangeKind[] = ["added", "changed", "removed"];
/** Maximum number of keys listed for each kind of change. */
const MAX_KEYS = 5;

function Entry({
  environment,
  revision: { changes, publishedAtMs, revision, seenAtMs },
}: {
  environment: string;
  revision: SeenRevision;
}): JSX.Element {
  const seen = isoText(seenAtMs);
  const time = <time datetime={seen}>{seen.slice(11, 19)}Z</time>;
  return (
    <li>
      {changes === null ? (
        time
      ) : (
        <a href={pageAddress(environment, "change", { revision, seen })}>{time}</a>
      )}
      <div>
        {changes === null ? <p>First configuration that this relay served</p> : null}
        {KINDS.map((kind) => {
          const keys = [...(changes ?? [])].flatMap(([key, it]) => (it === kind ? [key] : []));
          const left = keys.length - MAX_KEYS;
          return keys.length === 0 ? null : (
            <p>
              <StateChip state={kind} /> <Keys keys={keys.slice(0, MAX_KEYS)} />
              {left > 0 ? ` and ${left.toLocaleString("en-US")} more` : ""}
            </p>
          );
        })}
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

function Keys({ keys }: { keys: readonly string[] }): JSX.Element {
  return (
    <>
      {keys.map((key, i) => (
        <>
          {i === 0 ? "" : ", "}
          <Text text={key} />
        </>
      ))}
    </>
  );
}

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
    <Layout title="Change" frame={frame} view="changes">
      <dl class="card">
        <dt>Seen</dt>
        <dd>
          <Time ms={revision.seenAtMs} />
        </dd>
        <dt>Published</dt>
        <dd>
          <Time ms={revision.publishedAtMs} />
        </dd>
        <dt>Evaluate</dt>
        <dd>
          {subject(before.revision, "before the change")}, {subject(revision.revision, "after it")}
        </dd>
      </dl>
      <Table
        caption={`${countText(flags.total, "flag")}, before → after`}
        head={["Flag", "Change", "What changed"]}
        isStacked
      >
        {flags.items.map((flag) => (
          <Flag environment={environment} flag={flag} all={all} />
        ))}
      </Table>
      <PageLinks
        page={flags}
        address={(from) => pageAddress(environment, "change", { ...query, from: `${from}` })}
      />
    </Layout>
  );
}

/** Parts of a flag that are shown. */
const MAX_PARTS = 50;

function Flag({
  all,
  environment,
  flag: { change, changes, key },
}: {
  environment: string;
  flag: ChangedFlag;
  all: JSX.Element;
}): JSX.Element {
  const isRerandomized = changes.some(({ aspect }) => aspect === "salt");
  return (
    <tr>
      <th scope="row">
        {change === "removed" ? (
          <Text text={key} all={all} />
        ) : (
          <a href={pageAddress(environment, "flag", { key })}>
            <Text text={key} />
          </a>
        )}
      </th>
      <td data-label="Change">
        <StateChip state={isRerandomized ? "re-randomised" : change} />
      </td>
      <td>
        <ul>
          {changes.slice(0, MAX_PARTS).map(({ allocation, aspect, text }) => (
            <li>
              <Text
                text={`${allocation === null ? aspect : `${allocation}, ${aspect}`}: ${text}`}
                all={all}
              />
            </li>
          ))}
          {changes.length > MAX_PARTS ? (
            <li>
              {changes.length - MAX_PARTS} more: {all}
            </li>
          ) : null}
        </ul>
      </td>
    </tr>
  );
}
