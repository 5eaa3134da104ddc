import { gzipSync } from "node:zlib";
import { ifWhole, type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Experiment,
  RemoteEvaluationClient,
  type RemoteEvaluationConfig,
} from "../../src/index.js";
import { API_KEY, errorOf, failingLogger, keepingLogger } from "./faults.js";

const GOOD: Reply = { kind: "answer", body: JSON.stringify({ flag: { key: "on" } }) };
const USER = { user_id: "alice@example.com" };

describe("a remote client", () => {
  let server: TestServer;
  let log: ReturnType<typeof keepingLogger>;

  const create = (config: RemoteEvaluationConfig = {}): RemoteEvaluationClient => {
    return new RemoteEvaluationClient(API_KEY, {
      ...{ serverUrl: server.url, loggerProvider: log.loggerProvider, logLevel: 5 },
      ...{ fetchRetryBackoffMinMillis: 1, fetchRetryBackoffMaxMillis: 2, fetchRetries: 2 },
      ...config,
    });
  };
  const failureOf = (client: RemoteEvaluationClient): Promise<Record<string, unknown>> =>
    errorOf(client.fetchV2(USER));
  /** Responds with the replies in order, and then repeats the last one. */
  const respond = (...replies: readonly Reply[]): void => {
    let i = 0;
    server.respond(() => replies[Math.min(i++, replies.length - 1)] as Reply);
  };

  beforeEach(async () => {
    server = await startTestServer(GOOD);
    log = keepingLogger();
  });

  afterEach(() => server.close());

  it.each(["<html>", "[", "", "null"])(
    "lifecycle §7 fault 4: retries after the body %j",
    async (body) => {
      respond({ kind: "answer", body }, GOOD);
      expect(await create().fetchV2(USER)).toHaveProperty("flag");
    },
  );

  it("lifecycle §7 fault 7: refuses a compressed response above its limit", async () => {
    const body = Buffer.concat(Array(80).fill(gzipSync(Buffer.alloc(1_048_576))));
    respond({ kind: "answer", body, headers: { "content-encoding": "gzip" } });
    const before = process.memoryUsage().heapUsed;
    const error = await failureOf(create({ fetchRetries: 0 }));
    expect(error).not.toEqual({});
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(80 * 1_048_576);
  });

  it("lifecycle §7 fault 8: does not follow a redirect to another host", async () => {
    await using other = await startTestServer(GOOD);
    respond({ kind: "answer", status: 302, headers: { location: other.url } });
    expect(await failureOf(create())).not.toEqual({});
    expect(other.requests).toHaveLength(0);
  });

  it("lifecycle §7 fault 33: is the instance of its key while its server hangs, whatever options a second call has", async () => {
    await using hanging = await startTestServer({ kind: "hang" });
    const name = `fault-33-${Math.random()}`;
    const limits = { fetchTimeoutMillis: 100, fetchRetries: 0, logLevel: 0 };
    const first = Experiment.initializeRemote(name, { ...limits, serverUrl: hanging.url });
    const fetching = failureOf(first);
    const second = Experiment.initializeRemote(name, { ...limits, serverUrl: server.url });
    expect(second).toBe(first);
    expect(await failureOf(second)).toMatchObject({ code: "SORTITION_TIMEOUT" });
    expect(await fetching).toMatchObject({ code: "SORTITION_TIMEOUT" });
    expect(server.requests).toEqual([]);
  });

  it("lifecycle §7 fault 35: returns variants when its log and its callback throw", async () => {
    const client = create({ loggerProvider: failingLogger() });
    expect(await client.fetchV2(USER)).toHaveProperty("flag");
    await new Promise<void>((resolve) => {
      client.fetchAsyncV2(USER, () => {
        resolve();
        throw new Error("no");
      });
    });
    expect(await client.fetchV2(USER)).toHaveProperty("flag");
  });

  it("lifecycle §7 fault 36: never shows the key or the user in its messages and errors", async () => {
    const texts: string[] = [];
    for (const reply of [
      { kind: "reset" },
      { kind: "answer", status: 401 },
      { kind: "answer" },
    ] as const) {
      respond(reply);
      const error = await failureOf(create());
      texts.push(`${(error as unknown as Error).stack} ${JSON.stringify(error)}`);
    }
    const all = [...log.lines, ...texts].join("\n");
    expect(all).not.toContain(API_KEY);
    expect(all).not.toContain("alice");
    expect(all).not.toContain(Buffer.from("alice@exam").toString("base64url").slice(0, 12));
  });

  ifWhole(it)(
    "lifecycle §7 fault 37: returns variants after 400 attempts, half of which timed out",
    async () => {
      const client = create({ fetchTimeoutMillis: 20, fetchRetries: 0, logLevel: 0 });
      let count = 0;
      server.respond(() => (count++ % 2 === 0 ? { kind: "hang" } : GOOD));
      const outcomes = { answered: 0, failed: 0 };
      for (let i = 0; i < 20; i++) {
        const calls = Array.from({ length: 20 }, () => failureOf(client));
        for (const error of await Promise.all(calls)) {
          outcomes["code" in error ? "failed" : "answered"] += 1;
        }
      }
      expect(outcomes.answered + outcomes.failed).toBe(400);
      expect(outcomes.failed).toBeGreaterThanOrEqual(200);
      server.respond(GOOD);
      const answer = (): Promise<unknown> => client.fetchV2(USER).catch(() => null);
      await expect.poll(answer).toEqual({ flag: { key: "on" } });
    },
  );
});
