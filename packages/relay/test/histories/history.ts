import { mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startCollector } from "@sortition/test-kit";
import type { RedisServer } from "@sortition/test-kit/redis";
import { expect } from "vitest";
import type { LoggerConfig } from "../../src/config/config.js";
import { Replica, type Report } from "./replica.js";

/** Faults of the service or the disk that receives exposures. */
const RECEIVER_FAULTS = [401, 403, 404, 429, "reset", "full disk"] as const;
/** Faults of the connection between a replica and Redis. `cut`: requests arrive, but replies are lost. */
const REDIS_FAULTS = ["reset", "black hole", "cut"] as const;
type ReceiverFault = (typeof RECEIVER_FAULTS)[number];
type RedisFault = (typeof REDIS_FAULTS)[number];

type Step =
  | { readonly do: "log"; readonly who: number; readonly count: number }
  | { readonly do: "redis"; readonly who: number; readonly fault: RedisFault | null }
  | { readonly do: "receiver"; readonly isWell: boolean }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "kill"; readonly who: number }
  | { readonly do: "close"; readonly who: number; readonly timeoutMs: number };

/** What happens to a fleet of replicas. */
export interface History {
  readonly fault: ReceiverFault;
  readonly steps: readonly Step[];
}

const REPLICAS = 2;
const LOGGER = "events";

/** Creates a random history. */
export function createHistory(random: () => number): History {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item; // none is empty
  const step = (): Step => {
    const who = below(REPLICAS);
    const kind = below(20);
    if (kind < 7) return { do: "log", who, count: 1 + below(30) };
    if (kind < 12) return { do: "wait", ms: below(150) };
    if (kind < 15) return { do: "redis", who, fault: below(2) === 0 ? null : pick(REDIS_FAULTS) };
    if (kind < 17) return { do: "receiver", isWell: below(2) === 0 };
    if (kind < 18) return { do: "kill", who };
    return { do: "close", who, timeoutMs: pick([1, 100, 400, 1_000]) };
  };
  return { fault: pick(RECEIVER_FAULTS), steps: Array.from({ length: 5 + below(20) }, step) };
}

/** What receives exposures: a service, or a file. */
interface Receiver {
  readonly logger: LoggerConfig;
  set(isWell: boolean): void;
  /** Message ids of the exposures that it has acknowledged. */
  received(): ReadonlySet<string>;
  close(): Promise<void>;
}

async function startService(fault: Exclude<ReceiverFault, "full disk">): Promise<Receiver> {
  const service = await startCollector();
  const options = { name: LOGGER, writeKey: "key", host: service.url };
  return {
    logger: { type: "segment", path: "loggers[0]", options },
    set(isWell) {
      if (isWell) service.answer({ kind: "ok" });
      else if (fault === "reset") service.answer({ kind: "reset" });
      else if (fault === 429) service.answer({ kind: "retry-after", seconds: 1 });
      else service.answer({ kind: "status", status: fault });
    },
    received() {
      const acknowledged = service.requests.filter(({ status }) => status === 200);
      const events = acknowledged.flatMap(
        ({ body }) => (body as { readonly batch: readonly { readonly messageId: string }[] }).batch,
      );
      return new Set(events.map(({ messageId }) => messageId));
    },
    close: () => service.close(),
  };
}

function openDisk(): Receiver {
  const folder = mkdtempSync(join(tmpdir(), "sortition-history-"));
  const [path, file] = [join(folder, "events"), join(folder, "file")];
  symlinkSync(file, path);
  return {
    logger: { type: "ndjson", path: "loggers[0]", options: { name: LOGGER, path } },
    set(isWell) {
      unlinkSync(path);
      symlinkSync(isWell ? file : "/dev/full", path);
    },
    received() {
      const lines = readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n");
      const events = lines.filter((it) => it !== "").map((it) => JSON.parse(it));
      return new Set(events.map(({ messageId }) => messageId));
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

/** What a history had, so that a test knows that its faults occurred. */
export interface Outcome {
  readonly accepted: number;
  readonly lost: number;
  readonly unconfirmed: number;
  readonly dead: number;
  readonly taken: number;
}

/**
 * Lets replicas live through a history, then delivers everything, and checks what they reported against the receiver and
 * Redis' own counters.
 */
export async function live(
  { fault, steps }: History,
  server: RedisServer,
  namespace: string,
): Promise<Outcome> {
  const receiver = fault === "full disk" ? openDisk() : await startService(fault);
  const places = { redisPort: server.port, namespace, logger: receiver.logger };
  const replicas = new Map<number, Replica>();
  const reports: Report[] = [];
  const of = async (who: number): Promise<Replica> => {
    const replica = replicas.get(who) ?? (await Replica.start(places));
    replicas.set(who, replica);
    return replica;
  };
  const disturb = (replica: Replica, redisFault: RedisFault | null): void => {
    if (redisFault === null) replica.redis.pass();
    else if (redisFault === "reset") replica.redis.reset();
    else if (redisFault === "cut") replica.redis.cut(0);
    else replica.redis.blackHole();
  };
  const end = async (who: number, by: (replica: Replica) => Promise<Report>): Promise<void> => {
    const replica = replicas.get(who);
    replicas.delete(who);
    if (replica !== undefined) reports.push(await by(replica));
  };
  for (const it of steps) {
    if (it.do === "log") (await of(it.who)).log(it.count);
    else if (it.do === "redis") disturb(await of(it.who), it.fault);
    else if (it.do === "receiver") receiver.set(it.isWell);
    else if (it.do === "wait") await wait(it.ms);
    else if (it.do === "kill") await end(it.who, (replica) => replica.kill());
    else await end(it.who, (replica) => replica.close(it.timeoutMs));
    await expectLaw(server, namespace);
  }
  receiver.set(true);
  for (const [who, replica] of [...replicas]) {
    replica.redis.pass();
    await end(who, () => replica.close(5_000));
  }
  const last = await Replica.start(places);
  const left = async (): Promise<number> => (await expectLaw(server, namespace)).left;
  await expect.poll(left, { timeout: 300_000, interval: 200 }).toBe(0);
  reports.push(await last.close(5_000));
  const counts = await expectLaw(server, namespace);
  const ends = new Set([...receiver.received(), ...(await deadIds(server, namespace))]);
  for (const { accepted, lost, taken, unconfirmed } of reports) {
    const missing = accepted.filter((id) => !ends.has(id)).length;
    // No loss is reported that was none, and none is missing but what a kill took.
    expect(lost, "reported as lost").toBeLessThanOrEqual(missing);
    expect(missing, "missing").toBeLessThanOrEqual(lost + unconfirmed + taken);
  }
  const sum = (of: (report: Report) => number): number =>
    reports.reduce((total, it) => total + of(it), 0);
  expect(sum(({ dead }) => dead)).toBeLessThanOrEqual(counts.dead);
  await receiver.close();
  return {
    ...{ accepted: sum((it) => it.accepted.length), dead: counts.dead, lost: sum((it) => it.lost) },
    ...{ taken: sum((it) => it.taken), unconfirmed: sum((it) => it.unconfirmed) },
  };
}

const COUNT = `
local c = redis.call('HMGET', KEYS[2], 'appended', 'delivered', 'dead')
return { tonumber(c[1] or 0), tonumber(c[2] or 0), tonumber(c[3] or 0), redis.call('XLEN', KEYS[1]) }`;

/** Checks `appended = delivered + dead + XLEN` (docs/spec/redis.md §4). */
async function expectLaw(
  server: RedisServer,
  namespace: string,
): Promise<{ readonly dead: number; readonly left: number }> {
  const stream = streamOf(namespace);
  const reply = await server.command("EVAL", COUNT, 2, stream, `${stream}:counts`);
  const [appended = 0, delivered = 0, dead = 0, left = 0] = reply as readonly number[];
  expect(appended).toBe(delivered + dead + left);
  return { dead, left };
}

async function deadIds(server: RedisServer, namespace: string): Promise<readonly string[]> {
  const entries = await server.command("XRANGE", `${streamOf(namespace)}:dead`, "-", "+");
  return (entries as readonly (readonly [string, readonly string[]])[]).map(
    ([, fields]) => fields[fields.indexOf("id") + 1] ?? "",
  );
}

function streamOf(namespace: string): string {
  return `sortition:{${namespace}}:v1:outbox:${LOGGER}`;
}
