import type { JSX } from "hono/jsx/jsx-runtime";
import type { ChangedFlag, ChangeKind } from "../explain/compare-revisions.js";
import type { SeenRevision } from "../history/history.js";
import type { ChangeView } from "../views/environment-views.js";
import { changeJsonAddress, pageAddress } from "./addresses.js";
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

/** What this relay saw change. */
export function ChangesPage({ environment, frame, revisions }: ChangesProps): JSX.Element {
  return (
    <Layout title="Changes" frame={frame} view="changes">
      <p>
        What this replica of the relay saw, the newest first. A payload does not say who changed it.
      </p>
      <Table
        caption={`${countText(revisions.length, "revision")} kept`}
        head={["Seen", "Published", "Added", "Changed", "Removed", "Revision"]}
      >
        {revisions.map((revision) => (
          <Row environment={environment} revision={revision} />
        ))}
      </Table>
    </Layout>
  );
}

function Row({
  environment,
  revision: { changes, publishedAtMs, revision, seenAtMs },
}: {
  environment: string;
  revision: SeenRevision;
}): JSX.Element {
  const count = (kind: ChangeKind): string =>
    changes === null ? "" : `${[...changes.values()].filter((it) => it === kind).length}`;
  const seen = new Date(seenAtMs).toISOString();
  return (
    <tr>
      <th scope="row">
        {changes === null ? (
          <Time ms={seenAtMs} />
        ) : (
          <a href={pageAddress(environment, "change", { revision, seen })}>
            <Time ms={seenAtMs} />
          </a>
        )}
      </th>
      <td>
        <Time ms={publishedAtMs} />
      </td>
      <td class="number">{count("added")}</td>
      <td class="number">{count("changed")}</td>
      <td class="number">{count("removed")}</td>
      <td>
        <a href={pageAddress(environment, "subject", { revision })}>
          <code>{revision}</code>
          {changes === null ? ", the first one" : ""}
        </a>
      </td>
    </tr>
  );
}

interface ChangeProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly view: ChangeView;
}

/** One change, flag by flag. */
export function ChangePage({ environment, frame, view }: ChangeProps): JSX.Element {
  const { before, flags, revision } = view;
  const query = { revision: revision.revision, seen: new Date(revision.seenAtMs).toISOString() };
  const jsonAddress = changeJsonAddress(environment, revision.revision, {
    ...{ seen: query.seen, from: `${flags.from}` },
  });
  const subject = (name: string, text: string): JSX.Element => (
    <a href={pageAddress(environment, "subject", { revision: name })}>{text}</a>
  );
  const all = <a href={jsonAddress}>all as JSON</a>;
  return (
    <Layout title="Change" frame={frame} view="changes">
      <dl>
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
          {subject(before.revision, "before")}, {subject(revision.revision, "after")}
        </dd>
      </dl>
      <Table
        caption={`${countText(flags.total, "flag")}, before → after`}
        head={["Flag", "Change", "What changed"]}
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
      <td class={isRerandomized ? "bad" : ""}>{isRerandomized ? "re-randomised" : change}</td>
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
