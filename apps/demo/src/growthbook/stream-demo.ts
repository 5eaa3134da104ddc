import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { type Client, createClient } from "@sortition/node";
import { shopPayload } from "./shop.js";
import { type StreamServer, startStreamServer } from "./stream-server.js";

const CHANGES = ["25", "30", "35", "40", "45"];
const FLAG = "announcement";
const SERVED_WITHIN_MS = 1_000;

/** Changes the shop's features while a client follows the stream. Resolves to whether it served all changes. */
export async function runStreamDemo(): Promise<boolean> {
  const server = await startStreamServer(payloadOf("20"));
  const client = createClient({
    dialect: growthbook(),
    source: growthbookSource({ clientKey: "sdk-demo", apiHost: server.url, streaming: true }),
    assignmentLogger: null,
  });
  try {
    await client.waitForInitialization();
    if (!(await isStreaming(client))) {
      console.log("1. The client has NO STREAM.");
      return false;
    }
    console.log(
      `1. A server of GrowthBook's API runs on ${server.url}; the client is ${client.status.state}, and its stream is open.`,
    );
    console.log("2. Time from the push of a change to the first evaluation that uses it:\n");
    const tookMs: (number | null)[] = [];
    for (const percent of CHANGES) tookMs.push(await changeAndServe(client, server, percent));
    const { events, lost } = client.status.stream ?? { events: 0, lost: 0 };
    const isServed = tookMs.every((ms) => ms !== null);
    const isStreamed = events === CHANGES.length && lost === 0 && server.requests === 1;
    console.log(
      `\n3. The stream delivered ${events} changes, and was interrupted ${lost} times; the payload was requested ` +
        `${server.requests === 1 ? "once, at the start." : `${server.requests} times, ONCE WAS EXPECTED.`}`,
    );
    return isServed && isStreamed;
  } finally {
    await client.close();
    server.close();
  }
}

/** Resolves to whether the stream is opened in time. */
async function isStreaming(client: Client): Promise<boolean> {
  const endMs = performance.now() + SERVED_WITHIN_MS;
  while (client.status.stream?.isUp !== true) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

/** Pushes a change. Resolves to the time until it was served, or `null` if it was not served. */
async function changeAndServe(
  client: Client,
  server: StreamServer,
  percent: string,
): Promise<number | null> {
  const expected = textOf(percent);
  let finish = (_hasChanged: boolean): void => {};
  const changed = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  const unsubscribe = client.on("configuration-changed", () => finish(true));
  const timer = setTimeout(() => finish(false), SERVED_WITHIN_MS);
  const pushedAtMs = performance.now();
  server.push(payloadOf(percent));
  const hasChanged = await changed;
  const value = client.getStringAssignment(FLAG, "visitor-1", {}, "");
  const ms = performance.now() - pushedAtMs;
  clearTimeout(timer);
  unsubscribe();
  const isServed = hasChanged && value === expected;
  console.log(
    isServed
      ? `    "${value}" served after ${ms.toFixed(1)} ms`
      : `    "${expected}" WAS NOT SERVED within ${SERVED_WITHIN_MS} ms`,
  );
  return isServed ? ms : null;
}

function textOf(percent: string): string {
  return `Sale: ${percent}% off`;
}

/** Returns the shop's features, one of which has this text. */
function payloadOf(percent: string): object {
  return { features: { ...shopPayload().features, [FLAG]: { defaultValue: textOf(percent) } } };
}
