import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { EnvironmentStatus, RelayStatus } from "../views/status.js";
import { pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout, vendorText } from "./layout.js";
import { Text, Time } from "./text.js";

/** The status page: the data of `/status` for the relay and its environments. */
export function RelayPage({ frame, status }: { frame: Frame; status: RelayStatus }): JSX.Element {
  const { environments, isReady, version } = status;
  return (
    <Layout title="Status" frame={frame} view="relay">
      <p class="head">
        <span class={`chip ${isReady ? "good" : "bad"}`}>{isReady ? "ready" : "not ready"}</span>
        {isReady ? null : <span>An environment has no configuration.</span>}
        <span class="quiet">Version {version}</span>
      </p>
      <div class="cards">
        {environments.map((it) => (
          <Environment status={it} />
        ))}
      </div>
    </Layout>
  );
}

function Environment({ status }: { status: EnvironmentStatus }): JSX.Element {
  const { client, dialect, exposures, name } = status;
  return (
    <section class="card">
      <h2>
        <a href={pageAddress(name, "subject")}>{name}</a>
        <span class="quiet small">{vendorText(dialect)}</span>
        <StateChip state={client?.state ?? null} />
      </h2>
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

type Fact = readonly [term: string, fact: Child];

function factsOf({ client, fleet, parts, streams }: EnvironmentStatus): readonly Fact[] {
  if (client === null) return [];
  const { ageMs, lastError, nextAttemptInMs, revision, source } = client;
  const role = fleet !== null && "role" in fleet ? String(fleet.role) : null;
  const served = parts.map(({ bytes, part }) => `${part}, ${countText(bytes, "byte")}`);
  const next = nextAttemptInMs === null ? "not scheduled" : `in ${durationText(nextAttemptInMs)}`;
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
    ["Age", ageMs === null ? "unknown" : `confirmed ${durationText(ageMs)} ago`],
    [
      "Last error",
      lastError === null ? (
        "none"
      ) : (
        <>
          <span class={client.state === "ready" ? "" : "bad"}>
            <Text text={lastError.message} />
          </span>{" "}
          <span class="quiet small">
            <Time ms={Date.parse(lastError.at)} />
          </span>
        </>
      ),
    ],
    ["Next attempt", next],
    ...(role === null ? [] : [["Role", role] as const]),
    ["Open streams", streams.toLocaleString("en-US")],
    ["Serves", <Text text={served.length === 0 ? "nothing yet" : served.join("; ")} />],
  ];
}

function Loggers({ exposures }: Pick<EnvironmentStatus, "exposures">): JSX.Element {
  return (
    <table class="loggers">
      <caption>Exposures in this process</caption>
      <thead>
        <tr>
          <th scope="col">Logger</th>
          {["Delivered", "Waiting", "Lost"].map((it) => (
            <th scope="col" class="number">
              {it}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {exposures.map(({ delivered, logger, lost, waiting }) => {
          const reasons = Object.entries(lost).map(
            ([reason, count]) => `${count.toLocaleString("en-US")} ${reason}`,
          );
          return (
            <tr>
              <th scope="row">
                <Text text={logger} />
              </th>
              <td class="number">{delivered.toLocaleString("en-US")}</td>
              <td class="number">{waiting.toLocaleString("en-US")}</td>
              <td class={reasons.length > 0 ? "number bad" : "number"}>
                {reasons.length === 0 ? "0" : <Text text={reasons.join(", ")} />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Formats a duration in one unit, rounded down: `12 seconds`, `3 hours`. */
function durationText(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? ["second", 1_000];
  return countText(Math.floor(ms / unitMs), name);
}
