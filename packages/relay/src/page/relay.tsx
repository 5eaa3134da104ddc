import type { JSX } from "hono/jsx/jsx-runtime";
import type { EnvironmentStatus, RelayStatus } from "../views/status.js";
import { pageAddress } from "./addresses.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { Text } from "./text.js";

/** How the relay and its environments are: `/status` in words. */
export function RelayPage({ frame, status }: { frame: Frame; status: RelayStatus }): JSX.Element {
  const { environments, isReady, version } = status;
  return (
    <Layout title="Relay" frame={frame} view="relay">
      <p class={isReady ? "" : "bad"}>
        Version {version}, {isReady ? "ready" : "not ready: an environment has no configuration"}.{" "}
        <a href="/status">All as JSON</a>
      </p>
      {environments.map((it) => (
        <Environment status={it} />
      ))}
    </Layout>
  );
}

function Environment({ status }: { status: EnvironmentStatus }): JSX.Element {
  return (
    <section>
      <h2>
        <a href={pageAddress(status.name, "subject")}>{status.name}</a>
      </h2>
      <dl>
        {factsOf(status).map(([term, text]) => (
          <>
            <dt>{term}</dt>
            <dd>
              <Text text={text} />
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function factsOf({
  client,
  dialect,
  fleet,
  parts,
  streams,
}: EnvironmentStatus): (readonly [term: string, text: string])[] {
  if (client === null) return [["State", "it has not started"]];
  const { ageMs, lastError, lastSuccessAt, nextAttemptInMs, revision, source, state } = client;
  const role = fleet !== null && "role" in fleet ? String(fleet.role) : null;
  return [
    ["Vendor", dialect],
    ["State", state],
    ["Configuration", revision === null ? "none so far" : `${revision}, from ${source}`],
    ["Confirmed", ageMs === null ? "unknown" : `${secondsText(ageMs)} ago`],
    ["Last success", lastSuccessAt ?? "none so far"],
    [
      "Next attempt",
      nextAttemptInMs === null ? "not planned" : `in ${secondsText(nextAttemptInMs)}`,
    ],
    ["Last error", lastError === null ? "none" : `${lastError.at}: ${lastError.message}`],
    ...(role === null ? [] : [["Role in the fleet", role] as const]),
    ["Streams open", `${streams}`],
    ["Served", parts.map(({ bytes, part }) => `${part}, ${countText(bytes, "byte")}`).join("; ")],
  ];
}

function secondsText(ms: number): string {
  return countText(Math.round(ms / 1_000), "second");
}
