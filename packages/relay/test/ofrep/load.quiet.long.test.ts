import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { isLinux, longestTurnOf, startMeasured, usageOf } from "../measured-relay.js";
import { ENVIRONMENTS, later, VARIABLES } from "../start.js";
import { PAGE } from "./ground.js";

const ONE = "/ofrep/v1/evaluate/flags/flag-7";
const ALL = "/ofrep/v1/evaluate/flags";
const FLAGS = 100;

async function start() {
  const { flags, server } = await serverOf("GrowthBook");
  const flagKeys = Array.from({ length: FLAGS - 1 }, (_, i) => `flag-${i}`);
  for (const key of flagKeys) flags.string(key).variations("on", "off").otherwise("on");
  const own = ENVIRONMENTS.GrowthBook(server.url) as { readonly source: object };
  const relay = await startMeasured({
    ...own,
    source: { ...own.source, pollIntervalMs: 1_000 },
    tokens: [PAGE],
    evaluate: true,
  });
  return { flags, relay };
}

/** Sends a request over a keep-alive connection, and resolves with the response text. */
function ask(agent: Agent, url: string, subject: string): Promise<string> {
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${VARIABLES.PAGE_TOKEN}`,
  };
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, headers, method: "POST" }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    asking.on("error", reject);
    asking.end(JSON.stringify({ context: { targetingKey: subject, country: "DE", age: 7 } }));
  });
}

it.skipIf(!isLinux)(
  "evaluations take little CPU time",
  async () => {
    const { relay } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    later(async () => agent.destroy());
    /** Measures the relay's CPU time for one request, in milliseconds. */
    const costOf = async (path: string): Promise<number> => {
      const round = async (count: number): Promise<void> => {
        let next = 0;
        const worker = async (): Promise<void> => {
          while (next < count) await ask(agent, `${relay.url}${path}`, `subject-${next++}`);
        };
        await Promise.all(Array.from({ length: 20 }, worker));
      };
      await round(1_000);
      const before = usageOf(relay.pid).cpuMs;
      await round(3_000);
      return (usageOf(relay.pid).cpuMs - before) / 3_000;
    };
    const all = JSON.parse(await ask(agent, `${relay.url}${ALL}`, "alice"));
    expect(all.flags).toHaveLength(FLAGS);
    const figures = { one: await costOf(ONE), all: await costOf(ALL) };
    console.log("ms of CPU time per request:", figures);
    expect(figures.one).toBeLessThan(0.5);
    expect(figures.all).toBeLessThan(3);
  },
  120_000,
);

describe.skipIf(!isLinux)("2,000 streams of evaluated flags", () => {
  const READERS = 2_000;

  it("are notified of a change, and all clients fetch it within 15 s without blocking the event loop", async () => {
    const { flags, relay } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    const own = new Agent({ keepAlive: true });
    later(async () => {
      agent.destroy();
      own.destroy();
    });
    const first = JSON.parse(await ask(agent, `${relay.url}${ALL}`, "alice"));
    const { requestUri } = first.eventStreams[0].endpoint;
    const values = new Map<string, string>();
    const follow = async (subject: string): Promise<void> => {
      const asking = request(`${relay.url}${requestUri}`, { agent: own });
      asking.end();
      const [response] = (await once(asking, "response")) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.setEncoding("utf8").on("data", (text: string) => {
        const [, etag] = /"etag":"(\w+)"/.exec(text) ?? [];
        if (etag === undefined) return;
        void ask(agent, `${relay.url}${ALL}?flagConfigEtag=${etag}`, subject).then((answer) => {
          const { flags: list } = JSON.parse(answer) as {
            readonly flags: readonly { readonly key: string; readonly value: string }[];
          };
          values.set(subject, list.find(({ key }) => key === "checkout")?.value ?? "");
        });
      });
    };
    for (let i = 0; i < READERS; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => follow(`subject-${i + j}`)));
    }
    await longestTurnOf(relay);
    flags.string("checkout").variations("fast", "standard").otherwise("fast");
    const startedAtMs = performance.now();
    await expect.poll(() => values.size, { timeout: 60_000, interval: 20 }).toBe(READERS);
    const tookMs = Math.round(performance.now() - startedAtMs);
    const turnMs = await longestTurnOf(relay);
    console.log({ tookMs, turnMs });
    expect(new Set(values.values())).toEqual(new Set(["fast"]));
    expect(tookMs).toBeLessThan(15_000);
    expect(turnMs).toBeLessThan(250);
  }, 120_000);
});
