import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { MinuteState } from "../views/last-hour.js";
import type { RelayViews } from "../views/relay-views.js";
import type { EnvironmentStatus, RelayStatus } from "../views/status.js";
import { pageAddress } from "./addresses.js";
import { durationText } from "./ago.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { HourLine, hourWords } from "./hour.js";
import { type Frame, Layout, vendorText } from "./layout.js";
import { Text, Time } from "./text.js";

interface RelayPageProps {
  readonly frame: Frame;
  readonly status: RelayStatus;
  readonly views: RelayViews;
}

/** The status page: the data of `/status` for the relay and its environments, and their last hour. */
export function RelayPage({ frame, status, views }: RelayPageProps): JSX.Element {
  const { environments, isReady, version } = status;
  return (
    <Layout title="Status" frame={frame} view="relay">
      <p class="head">
        <span class={`chip ${isReady ? "good" : "bad"}`}>{isReady ? "ready" : "not ready"}</span>
        <span>{overviewText(environments)}</span>
        <span class="quiet">Version {version}</span>
      </p>
      <div class="cards">
        {environments.map((it) => (
          <Environment status={it} minutes={views.get(it.name)?.lastHour.minutes ?? []} />
        ))}
      </div>
    </Layout>
  );
}

/** Names the environments that need attention. */
function overviewText(environments: readonly EnvironmentStatus[]): string {
  const troubled = environments.filter(({ client }) => client?.state !== "ready");
  if (troubled.length === 0) return "All environments are up to date.";
  const texts = troubled.map(({ client, name }) => `${name} (${client?.state ?? "not started"})`);
  return `Needs attention: ${texts.join(", ")}.`;
}

interface EnvironmentProps {
  readonly status: EnvironmentStatus;
  /** See `LastHour.minutes`. */
  readonly minutes: readonly (MinuteState | null)[];
}

function Environment({ minutes, status }: EnvironmentProps): JSX.Element {
  const { client, dialect, exposures, name } = status;
  return (
    <section class="card">
      <h2>
        <a href={pageAddress(name, "subject")}>{name}</a>
        <span class="quiet small">{vendorText(dialect)}</span>
        <StateChip state={client?.state ?? null} />
      </h2>
      <p>
        {ageText(client)} <span class="quiet small">{hourWords(minutes)}</span>
      </p>
      <HourLine minutes={minutes} />
      <dl>
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
    </section>
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
};

function factsOf({ client, fleet, parts, streams }: EnvironmentStatus): readonly Fact[] {
  if (client === null) return [];
  const { consecutiveFailures, lastError, nextAttemptInMs, revision, source, state } = client;
  const role = fleet !== null && "role" in fleet ? String(fleet.role) : null;
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
    ...(role === null ? [] : [["Role", ROLES[role] ?? role] as const]),
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
