import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { VENDOR_FACTS } from "../config/config.js";
import { lostIn } from "../environment/logger-slot.js";
import type { SeenRevision } from "../history/history.js";
import type { FlagCounts } from "../views/environment-views.js";
import type { EnvironmentStatus, RelayStatus } from "../views/status.js";
import { pageAddress } from "./addresses.js";
import { Ago, agoText, durationText } from "./ago.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { Text, Time } from "./text.js";

interface RelayPageProps {
  readonly frame: Frame;
  readonly status: RelayStatus;
  /** By the name of the environment. */
  readonly cards: ReadonlyMap<string, CardData>;
  /** When the relay started, epoch ms. */
  readonly startedAtMs: number;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** What a card shows of an environment, in addition to its status. */
export interface CardData {
  /** `null` before the first configuration. */
  readonly counts: FlagCounts | null;
  /** Whether the configuration is read from files, instead of requested from the vendor. */
  readonly isFile: boolean;
  /** `null`: this relay saw no change. */
  readonly lastChange: SeenRevision | null;
}

/** The status page: the data of `/status` for the relay and its environments. */
export function RelayPage(props: RelayPageProps): JSX.Element {
  const { cards, frame, nowMs, startedAtMs, status } = props;
  const { environments, isReady } = status;
  return (
    <Layout title="Status" frame={frame} view="relay">
      <p class="head">
        <span class={`chip ${isReady ? "good" : "bad"}`}>{isReady ? "ready" : "not ready"}</span>
        <Overview environments={environments} />
        <span class="quiet">
          Relay started <Time ms={startedAtMs} />
        </span>
        <span class="quiet">
          As of <Time ms={nowMs} />
        </span>
        <a href="/page">Refresh</a>
      </p>
      <div class="cards">
        {environments.map((it) => (
          <Environment status={it} data={cards.get(it.name) ?? null} nowMs={nowMs} />
        ))}
      </div>
    </Layout>
  );
}

/** Names the environments that need attention. */
function Overview(props: Pick<RelayStatus, "environments">): JSX.Element {
  return (
    <>
      <States {...props} />
      {props.environments.map(({ exposures, name }) => {
        const lost = lostIn(exposures);
        if (lost === 0) return null;
        const total = exposures.reduce((sum, it) => sum + it.delivered + it.waiting, lost);
        return (
          <span class="error">
            {lost.toLocaleString("en-US")} of {total.toLocaleString("en-US")} exposures of{" "}
            <a href={`#${name}`}>{name}</a> were lost.
          </span>
        );
      })}
    </>
  );
}

/** Names the environments that are not up to date. */
function States({ environments }: Pick<RelayStatus, "environments">): JSX.Element {
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
  /** `null` while the environment is being replaced. */
  readonly data: CardData | null;
  readonly nowMs: number;
}

function Environment({ data, nowMs, status }: EnvironmentProps): JSX.Element {
  const { client, dialect, exposures, name } = status;
  const { counts = null } = data ?? {};
  return (
    <section class="card" id={name}>
      <h2>
        {name}
        <span class="quiet small">{VENDOR_FACTS[dialect].title}</span>
        <StateChip state={client?.state ?? null} />
      </h2>
      <p>{ageText(client, data?.isFile === true)}</p>
      <dl>
        <dt>Flags</dt>
        <dd>
          <Counts environment={name} counts={counts} />
        </dd>
        <dt>Last change</dt>
        <dd>
          <LastChange environment={name} last={data?.lastChange ?? null} nowMs={nowMs} />
        </dd>
        {factsOf(status).map(([term, fact]) => (
          <>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </>
        ))}
      </dl>
      <Tokens tokens={status.tokens} nowMs={nowMs} />
      {exposures.length === 0 ? (
        <p class="quiet">No loggers: this environment logs no exposures.</p>
      ) : (
        <Loggers exposures={exposures} />
      )}
      <p class="facts">
        <a href={pageAddress(name, "changes")} aria-label={`Changes of ${name}`}>
          Changes
        </a>
        <a href={pageAddress(name, "flags")} aria-label={`Flags of ${name}`}>
          Flags
        </a>
      </p>
    </section>
  );
}

interface CountsProps extends Pick<CardData, "counts"> {
  readonly environment: string;
}

/** Links to flags and issues, with their numbers. */
function Counts({ counts, environment }: CountsProps): JSX.Element {
  if (counts === null) return <>none yet</>;
  const { flags, issues } = counts;
  return (
    <>
      <a href={pageAddress(environment, "flags")}>{countText(flags, "flag")}</a>,{" "}
      {issues === 0 ? (
        "0 issues"
      ) : (
        <a class="error" href={pageAddress(environment, "flags", { state: "issues" })}>
          {countText(issues, "issue")}
        </a>
      )}
    </>
  );
}

interface LastChangeProps extends Pick<EnvironmentProps, "nowMs"> {
  readonly environment: string;
  readonly last: CardData["lastChange"];
}

/** Shows when flags last changed, and which one or how many. */
function LastChange({ environment, last, nowMs }: LastChangeProps): JSX.Element {
  if (last === null) return <>none seen</>;
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

function ageText(client: EnvironmentStatus["client"], isFile: boolean): string {
  const ageMs = client?.ageMs ?? null;
  if (ageMs !== null) {
    return `${isFile ? "File last read" : "Last confirmed by the vendor"} ${agoText(ageMs)}.`;
  }
  return (client?.revision ?? null) === null ? "No configuration yet." : "Age unknown.";
}

type Fact = readonly [term: string, fact: Child];

const ROLES: Readonly<Record<string, string>> = {
  leader: "leader, polls the vendor for all replicas",
  follower: "follower, reads the leader's configuration from Redis",
  direct: "direct, polls the vendor because Redis does not respond",
  starting: "starting",
  stopped: "stopped",
};

function factsOf({ client, fleet, parts, streams }: EnvironmentStatus): readonly Fact[] {
  if (client === null) return [];
  const { consecutiveFailures, lastError, nextAttemptInMs, revision, source, state } = client;
  const role = fleet !== null && "role" in fleet ? String(fleet.role) : "";
  const served = parts.map(({ bytes, part }) => `${part}, ${countText(bytes, "byte")}`);
  const { stream } = client;
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
    ["Role", fleet === null ? "This relay polls (no Redis configured)" : (ROLES[role] ?? role)],
    ["Next poll", nextText(nextAttemptInMs)],
    ...(stream === null ? [] : [["Vendor's stream", streamText(stream)] as const]),
    ["Streams to SDKs", `${streams.toLocaleString("en-US")} open`],
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

function nextText(inMs: number | null): string {
  if (inMs === null) return "not scheduled";
  return inMs < MIN_WAIT_MS ? "now" : `in ${durationText(inMs)}`;
}

/** Shorter times are shown as `now`. */
const MIN_WAIT_MS = 1_000;

function streamText({
  isUp,
  lost,
}: NonNullable<NonNullable<EnvironmentStatus["client"]>["stream"]>): string {
  const state = isUp ? "open" : "closed";
  if (lost === 0) return state;
  return `${state}. Lost ${countText(lost, "time")} since the relay started. Polling covers the gaps.`;
}

interface TokensProps extends Pick<EnvironmentProps, "nowMs"> {
  readonly tokens: EnvironmentStatus["tokens"];
}

function Tokens({ nowMs, tokens }: TokensProps): JSX.Element {
  return (
    <>
      <h3>Tokens</h3>
      <ul class="loggers">
        {tokens.map(({ lastSeenAt, name, sdk }) => (
          <li>
            <b>
              <Text text={name} />
            </b>
            <span>
              {lastSeenAt === null ? "not seen" : <Ago ms={Date.parse(lastSeenAt)} nowMs={nowMs} />}
            </span>
            {sdk === null ? null : (
              <span class="quiet">
                <Text text={sdk} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
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
