import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { EnvironmentViews } from "../views/environment-views.js";
import type { RelayViews } from "../views/relay-views.js";
import type { EnvironmentStatus, RelayStatus } from "../views/status.js";
import { pageAddress } from "./addresses.js";
import { Ago, durationText } from "./ago.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { HourLegend, HourLine, hourWords } from "./hour.js";
import { type Frame, Layout, vendorText } from "./layout.js";
import { Text, Time } from "./text.js";

interface RelayPageProps {
  readonly frame: Frame;
  readonly status: RelayStatus;
  readonly views: RelayViews;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** The status page: the data of `/status` for the relay and its environments, and their last hour. */
export function RelayPage({ frame, nowMs, status, views }: RelayPageProps): JSX.Element {
  const { environments, isReady } = status;
  return (
    <Layout title="Status" frame={frame} view="relay">
      <p class="head">
        <span class={`chip ${isReady ? "good" : "bad"}`}>{isReady ? "ready" : "not ready"}</span>
        <Overview environments={environments} />
        <span class="quiet">
          As of <time datetime={new Date(nowMs).toISOString()}>{clockText(nowMs)}</time>
        </span>
        <a href="/page">Refresh</a>
      </p>
      <HourLegend />
      <div class="cards">
        {environments.map((it) => (
          <Environment status={it} view={views.get(it.name) ?? null} nowMs={nowMs} />
        ))}
      </div>
    </Layout>
  );
}

/** The time of day in UTC: `11:02:33 UTC`. */
function clockText(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

/** Names the environments that need attention. */
function Overview({ environments }: Pick<RelayStatus, "environments">): JSX.Element {
  const troubled = environments.filter(({ client }) => client?.state !== "ready");
  if (troubled.length === 0) return <span>All environments are up to date.</span>;
  return (
    <span>
      Needs attention:{" "}
      {troubled.map(({ client, name }, i) => (
        <>
          {i === 0 ? null : ", "}
          <a href={`#${name}`}>{name}</a> ({client?.state ?? "not started"})
        </>
      ))}
      .
    </span>
  );
}

interface EnvironmentProps {
  readonly status: EnvironmentStatus;
  readonly view: EnvironmentViews | null;
  readonly nowMs: number;
}

function Environment({ nowMs, status, view }: EnvironmentProps): JSX.Element {
  const { client, dialect, exposures, name } = status;
  const minutes = view?.lastHour.minutes ?? [];
  return (
    <section class="card" id={name}>
      <h2>
        {name}
        <span class="quiet small">{vendorText(dialect)}</span>
        <StateChip state={client?.state ?? null} />
      </h2>
      <p>
        {ageText(client)} <span class="quiet small">{hourWords(minutes)}</span>
      </p>
      <HourLine minutes={minutes} />
      <dl>
        <dt>Last change</dt>
        <dd>
          <LastChange environment={name} view={view} nowMs={nowMs} />
        </dd>
        {factsOf(status).map(([term, fact]) => (
          <>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </>
        ))}
      </dl>
      {exposures.length === 0 ? (
        <p class="quiet">No loggers: this environment logs no exposures.</p>
      ) : (
        <Loggers exposures={exposures} />
      )}
      <p class="facts">
        {LINKS.map(([page, text]) => (
          <a href={pageAddress(name, page)} aria-label={`${text} of ${name}`}>
            {text}
          </a>
        ))}
      </p>
    </section>
  );
}

const LINKS = [
  ["changes", "Changes"],
  ["flags", "Flags"],
] as const;

interface LastChangeProps extends Pick<EnvironmentProps, "nowMs" | "view"> {
  readonly environment: string;
}

/** When the flags last changed, and the first of them in one line. */
function LastChange({ environment, nowMs, view }: LastChangeProps): JSX.Element {
  const last = view?.history.revisions.find(({ changes }) => changes !== null);
  if (last === undefined) return <>none seen</>;
  const { changes, described, revision, seenAtMs } = last;
  const [first] = described;
  const count = changes?.size ?? 0;
  const seen = new Date(seenAtMs).toISOString();
  const text = first === undefined || count > 1 ? countText(count, "flag") : first.key;
  return (
    <>
      <a href={pageAddress(environment, "change", { revision, seen })}>
        <Ago ms={seenAtMs} nowMs={nowMs} />
      </a>
      , <Text text={text} />
    </>
  );
}

function ageText(client: EnvironmentStatus["client"]): string {
  const ageMs = client?.ageMs ?? null;
  if (ageMs !== null) return `Confirmed ${durationText(ageMs)} ago.`;
  return (client?.revision ?? null) === null ? "No configuration yet." : "Age unknown.";
}

type Fact = readonly [term: string, fact: Child];

const ROLES: Readonly<Record<string, string>> = {
  leader: "leader, requests the vendor for all replicas",
  follower: "follower, reads the leader's configuration from Redis",
  direct: "direct, requests the vendor because Redis does not respond",
  starting: "starting",
  stopped: "stopped",
};

function factsOf({ client, fleet, parts, streams }: EnvironmentStatus): readonly Fact[] {
  if (client === null) return [];
  const { consecutiveFailures, lastError, nextAttemptInMs, revision, source, state } = client;
  const role = fleet !== null && "role" in fleet ? String(fleet.role) : "";
  const served = parts.map(({ bytes, part }) => `${part}, ${countText(bytes, "byte")}`);
  const next = nextAttemptInMs === null ? "not scheduled" : `in ${durationText(nextAttemptInMs)}`;
  const vendorStream = client.stream === null ? [] : [streamText(client.stream)];
  return [
    [
      "Configuration",
      revision === null ? (
        "none yet"
      ) : (
        <>
          <code>{revision}</code>, from {source}
        </>
      ),
    ],
    ["Serves", <Text text={served.length === 0 ? "nothing yet" : served.join("; ")} />],
    ["Role", fleet === null ? "alone, because no Redis is configured" : (ROLES[role] ?? role)],
    ["Next attempt", next],
    ...vendorStream.map((it) => ["Vendor's stream", it] as const),
    ["SDKs' streams", `${streams.toLocaleString("en-US")} open`],
    [
      "Last error",
      lastError === null ? (
        "none"
      ) : (
        <>
          <span class={state === "ready" ? "" : "error"}>
            <Text text={lastError.message} />
          </span>{" "}
          <span class="quiet small">
            {consecutiveFailures > 1
              ? `${countText(consecutiveFailures, "failure")} in a row, `
              : ""}
            last at <Time ms={Date.parse(lastError.at)} />
          </span>
        </>
      ),
    ],
  ];
}

function streamText({ isUp, lost }: { readonly isUp: boolean; readonly lost: number }): string {
  const losses = lost === 0 ? "" : `, lost ${countText(lost, "time")} since the start`;
  return `${isUp ? "open" : "closed"}${losses}`;
}

function Loggers({ exposures }: Pick<EnvironmentStatus, "exposures">): JSX.Element {
  return (
    <>
      <h3>Exposures of this process</h3>
      <ul class="loggers">
        {exposures.map(({ delivered, logger, lost, waiting }) => {
          const reasons = Object.entries(lost).map(
            ([reason, count]) => `${count.toLocaleString("en-US")} ${reason}`,
          );
          return (
            <li>
              <b>
                <Text text={logger} />
              </b>
              <span>{delivered.toLocaleString("en-US")} delivered</span>
              <span>{waiting.toLocaleString("en-US")} waiting</span>
              <span class={reasons.length > 0 ? "bad" : ""}>
                {reasons.length === 0 ? "0 lost" : <Text text={`lost: ${reasons.join(", ")}`} />}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
