import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { type Command, startCommand } from "../command.js";
import { ENVIRONMENTS, later, VARIABLES } from "../start.js";
import { askAll, askOne, PAGE } from "./ground.js";

const SUBJECTS = 1_000;
const FLAG = { key: "boolean", variant: "v" };
const { PAGE_TOKEN } = VARIABLES;

/** Runs tasks with limited concurrency. */
async function atOnce(
  workers: number,
  count: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: workers }, work));
}

interface Replica {
  readonly command: Command;
  readonly url: string;
  readonly adminUrl: string;
}

/** Counts of exposures in a replica's `/status`. */
interface Counts {
  readonly accepted: number;
  readonly loggers: Readonly<
    Record<
      string,
      {
        readonly accepted: number;
        readonly delivered: number;
        readonly queued: number;
        readonly inFlight: number;
        readonly buffered: number;
        readonly dropped: Readonly<Record<string, number>>;
        readonly downstream: { readonly dropped: number };
      }
    >
  >;
}

async function countsOf({ adminUrl }: Replica): Promise<Counts> {
  const status = (await (await fetch(`${adminUrl}/status`)).json()) as {
    readonly environments: readonly [
      { readonly client: { readonly counters: { readonly exposures: Counts } } },
    ];
  };
  return status.environments[0].client.counters.exposures;
}

function sendExposure(url: string, subject: string): Promise<Response> {
  return fetch(`${url}/exposures`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${PAGE_TOKEN}` },
    body: JSON.stringify({ context: { targetingKey: subject }, flags: [FLAG] }),
  });
}

describe.skipIf(!hasRedis)("exposures of replicas that share Redis", () => {
  async function start() {
    const server = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => server.close());
    const redis = await startRedis();
    later(() => redis.close());
    const folder = mkdtempSync(join(tmpdir(), "relay-"));
    later(async () => rmSync(folder, { recursive: true }));
    const own = ENVIRONMENTS.Eppo(server.url);
    let replicas = 0;
    const eventFiles: string[] = [];
    const replica = async (): Promise<Replica> => {
      replicas += 1;
      const events = join(folder, `events-${replicas}.ndjson`);
      eventFiles.push(events);
      const environment = {
        ...own,
        tokens: [PAGE],
        evaluate: true,
        loggers: [{ type: "ndjson", path: events }],
        redis: { url: redis.url, namespace: "test" },
      };
      const content = {
        ...{ listen: 0, admin: { listen: 0 }, ticketKey: { env: "TICKETS" } },
        environments: [environment],
      };
      const file = join(folder, `relay-${replicas}.json`);
      writeFileSync(file, JSON.stringify(content));
      const command = startCommand(["--config", file], { env: VARIABLES });
      const url = await command.listening();
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
      return { command, url, adminUrl: command.admin };
    };
    const logged = (): readonly string[] =>
      eventFiles
        .filter((file) => existsSync(file))
        .flatMap((file) => readFileSync(file, "utf8").split("\n"))
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
        .map(({ featureFlag, subject, variation }) => `${subject} ${featureFlag} ${variation}`);
    return { logged, redis, replica };
  }

  it("are each logged once, whether evaluated one by one or reported, even during SIGTERM", async () => {
    const { logged, redis, replica } = await start();
    const replicas = [await replica(), await replica(), await replica()];
    const [first] = replicas;
    let serving: readonly Replica[] = replicas;
    const urlFor = (i: number): string => serving[i % serving.length]?.url ?? "";
    const subjectOf = (i: number): string => `subject-${i}`;
    await atOnce(30, SUBJECTS, async (i) => {
      if (i === SUBJECTS / 2 && first !== undefined) {
        for (const it of serving) {
          const { accepted, loggers } = await countsOf(it);
          const counts = Object.values(loggers)[0];
          const dropped = Object.values(counts?.dropped ?? {}).reduce((sum, it) => sum + it, 0);
          const { delivered = 0, inFlight = 0, queued = 0 } = counts ?? {};
          expect(accepted).toBe(delivered + dropped + inFlight + queued);
        }
        serving = replicas.slice(1);
        first.command.kill("SIGTERM");
      }
      const single = await askOne(urlFor(i), FLAG.key, { targetingKey: subjectOf(i) });
      expect([single.status, await single.json()]).toMatchObject([200, { value: true }]);
      const seen = await sendExposure(urlFor(i + 1), subjectOf(i));
      expect([seen.status, await seen.json()]).toEqual([202, { notLogged: [] }]);
    });
    expect(await first?.command.ended).toBe(0);
    for (const { command } of serving) command.kill("SIGTERM");
    for (const { command } of serving) expect(await command.ended).toBe(0);

    const store = new Redis(redis.url);
    const streams = (await store.keys("*outbox*")).concat(await store.keys("*ndjson*"));
    let pending = 0;
    for (const key of new Set(streams)) {
      if ((await store.type(key)) === "stream") pending += await store.xlen(key);
    }
    await store.quit();
    const lines = logged();
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.length + pending).toBe(SUBJECTS);
  });

  it("are rejected with 503 while too many wait for Redis, and counted", async () => {
    const { redis, replica } = await start();
    const relay = await replica();
    expect((await sendExposure(relay.url, "first")).status).toBe(202);
    await redis.close();
    const statuses = new Map<number, number>();
    await atOnce(20, 10_500, async (i) => {
      const { headers, status } = await sendExposure(relay.url, `subject-${i}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 503) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    });
    const refused = statuses.get(503) ?? 0;
    expect(refused).toBeGreaterThan(0);
    expect([...statuses.keys()].sort()).toEqual([202, 503]);
    const metrics = await (await fetch(`${relay.adminUrl}/metrics`)).text();
    expect(metrics).toContain(`exposures_refused_total{environment="eppo"} ${refused}`);
    const { accepted, loggers } = await countsOf(relay);
    expect(accepted).toBe(10_501 - refused);
    expect(loggers["ndjson"]?.downstream.dropped).toBe(0);
    expect(metrics).toMatch(/exposures_waiting\{environment="eppo",logger="ndjson"\} \d{4}/);
    // A single evaluation logs an exposure, which would be lost, so it is rejected. Bulk evaluations log none.
    const single = await askOne(relay.url, FLAG.key, { targetingKey: "another" });
    expect([single.status, Number(single.headers.get("retry-after"))]).toEqual([503, 5]);
    expect((await askAll(relay.url, { targetingKey: "another" })).status).toBe(200);
  });
});
