import { type RedisServer, startCluster, startSentinel } from "@sortition/test-kit/redis";
import { Cluster, Redis } from "ioredis";
import { expect, it } from "vitest";
import type { RedisInput } from "../../../src/connection/input.js";
import { type RedisFleet, redis } from "../../../src/index.js";
import { assignment } from "../../support/events.js";
import { FleetWorld, until } from "../../worker/fleet-world.js";

const NAMESPACE = "shop";
const STREAM = `sortition:{${NAMESPACE}}:v1:outbox`;
const WRITE_EVERY_MS = 50;
/** Sentinels make the former primary a replica after about eleven seconds. */
const WRITES_FOR_MS = 14_000;
const FLUSH = { timeoutMs: 1_000 };
const LATER = { timeoutMs: 20_000 };

/** A use of Redis that writes one subject at a time. */
interface Writer {
  readonly role: string;
  /** Returns whether Redis has confirmed the subject. */
  write(subject: string): Promise<boolean>;
  /** Returns which of these subjects Redis has, each as often as it has it. */
  found(subjects: readonly string[]): Promise<readonly string[]>;
}

/** @param later - reads what `fleet` has written. */
function writersOf(fleet: RedisFleet, later: RedisFleet): readonly Writer[] {
  const outbox = fleet.outbox({ logAssignment() {} }, { deliver: false, flushMs: 10 });
  const buckets = fleet.stickyBuckets({ flushMs: 10 });
  const dedupe = fleet.dedupe({ logAssignment() {} }, { flushMs: 10 });
  /** Returns a logger, and the subjects that it received. */
  const collect = () => {
    const subjects: string[] = [];
    return { subjects, logAssignment: (it: { subject: string }) => void subjects.push(it.subject) };
  };
  return [
    {
      role: "outbox",
      async write(subject) {
        outbox.logAssignment(assignment(subject));
        return (await outbox.flush(FLUSH)).ok;
      },
      async found() {
        await outbox.flush(LATER);
        const logger = collect();
        const delivering = later.outbox(logger, { flushMs: 10 });
        // In order, so everything before this exposure was delivered.
        delivering.logAssignment(assignment("last"));
        await until(() => logger.subjects.includes("last"));
        return logger.subjects;
      },
    },
    {
      role: "sticky",
      async write(id) {
        const document = { attributeName: "id", attributeValue: id };
        void buckets.saveAssignments({ ...document, assignments: { a__0: "1" } });
        return buckets.flush(FLUSH);
      },
      async found(subjects) {
        const reader = later.stickyBuckets();
        const documents = await Promise.all(subjects.map((id) => reader.getAllAssignments({ id })));
        return documents.flatMap((it) => Object.keys(it)).map((key) => key.replace("id||", ""));
      },
    },
    {
      role: "dedupe",
      async write(subject) {
        const { unasked } = fleet.status.counters.dedupe;
        dedupe.logAssignment(assignment(subject));
        const { ok } = await dedupe.flush(FLUSH);
        return ok && fleet.status.counters.dedupe.unasked === unasked;
      },
      async found(subjects) {
        const logger = collect();
        const asking = later.dedupe(logger, { flushMs: 10 });
        for (const subject of subjects) asking.logAssignment(assignment(subject));
        await asking.flush(LATER);
        return subjects.filter((subject) => !logger.subjects.includes(subject));
      },
    },
  ];
}

/** Servers of which one becomes the primary instead of another. */
interface Servers {
  readonly input: RedisInput;
  readonly former: RedisServer;
  close(): Promise<void>;
  /** Starts a planned switch. Resolves with the new primary when it is named. */
  switchOver(): Promise<RedisServer>;
}

async function startSentinels(
  given: "options" | "client" | "function",
  options: Parameters<typeof startSentinel>[0],
): Promise<Servers> {
  const { close, failOver, master, name, promoted, sentinels } = await startSentinel(options);
  const found = { name, sentinels: [...sentinels] };
  const inputs = {
    options: found,
    client: new Redis({ ...found, lazyConnect: true }),
    function: (overrides: object) => new Redis({ ...found, ...overrides }),
  };
  return {
    input: inputs[given],
    former: master,
    close,
    async switchOver() {
      await failOver();
      return promoted();
    },
  };
}

async function startNodes(): Promise<Servers> {
  const { close, nodes, ownerOf, replicas } = await startCluster({ hasReplicas: true });
  const owner = await ownerOf(STREAM);
  const [former, next] = [nodes[owner], replicas[owner]];
  if (former === undefined || next === undefined) throw new Error("no replica");
  const addresses = nodes.map(({ host, port }) => ({ host, port }));
  return {
    input: (overrides) => new Cluster(addresses, overrides),
    former,
    close,
    async switchOver() {
      await next.command("CLUSTER", "FAILOVER");
      while (!/role:master/.test(String(await next.command("INFO", "replication"))));
      return next;
    },
  };
}

const ALL_CONFIRM = ["--min-replicas-max-lag", "1", "--min-replicas-to-write"];

/** Declares planned switches of the primary. */
export function switchScenarios(): void {
  it.for([
    { of: "one replica", mostMs: 2_000, start: () => startSentinels("options", {}) },
    { of: "two replicas", mostMs: 2_000, start: () => startSentinels("function", { replicas: 2 }) },
    {
      of: "one replica that confirms writes",
      mostMs: 100,
      start: () => startSentinels("client", { args: [...ALL_CONFIRM, "1"] }),
    },
    {
      of: "two replicas that confirm writes",
      mostMs: 100,
      start: () => startSentinels("options", { replicas: 2, args: [...ALL_CONFIRM, "2"] }),
    },
    { of: "a Cluster", mostMs: 0, start: startNodes },
  ])(
    "redis §6 fault 69: a planned switch of the primary loses the writes of at most $mostMs ms: $of",
    async ({ mostMs, of, start }, { onTestFinished }) => {
      const { close, former, input, switchOver } = await start();
      onTestFinished(close);
      const world = new FleetWorld(former);
      const join = () => world.join({ redis: input, namespace: NAMESPACE });
      const first = join();
      const members = [first, join()];
      await until(() => members.some((it) => it.fleet.status.role === "leader"));
      const later = redis({ redis: input, namespace: NAMESPACE });
      const writers = writersOf(first.fleet, later).map((writer) => ({
        ...{ writer, sent: 0, confirmed: [] as { subject: string; atMs: number }[] },
      }));
      const endMs = performance.now() + WRITES_FOR_MS;
      const writing = writers.map(async (row) => {
        // Until the last write is confirmed.
        for (let isConfirmed = false; performance.now() < endMs || !isConfirmed; ) {
          const subject = `${row.writer.role}-${row.sent++}`;
          isConfirmed = await row.writer.write(subject);
          if (isConfirmed) row.confirmed.push({ subject, atMs: performance.now() });
          await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
        }
      });
      await until(() => writers.every(({ confirmed }) => confirmed.length > 20));
      const startedAtMs = performance.now();
      const next = await switchOver();
      const namedAtMs = performance.now();
      // A Cluster redirects each command.
      const isLeft = async (): Promise<boolean> =>
        of === "a Cluster" ||
        !/name=sortition:/.test(String(await former.command("CLIENT", "LIST")));
      while (!(await isLeft()));
      const leftAtMs = performance.now();
      const leftMs = Math.round(leftAtMs - namedAtMs);
      world.vendor.version = 2;
      await Promise.all(writing);
      await until(() => members.every(({ version }) => version === 2));
      const table = [];
      for (const { confirmed, sent, writer } of writers) {
        const found = await writer.found(confirmed.map(({ subject }) => subject));
        const lost = confirmed.filter(({ subject }) => !found.includes(subject));
        const againMs = (confirmed.find(({ atMs }) => atMs > leftAtMs)?.atMs ?? 0) - startedAtMs;
        const doubled = found.length - new Set(found).size;
        table.push({
          ...{ role: writer.role, sent, confirmed: confirmed.length, lost: lost.length, doubled },
          "writes again after, s": (againMs / 1_000).toFixed(1),
        });
      }
      console.log(`${of}: former primary left ${leftMs} ms after the new one was named`);
      console.table(table);
      expect(leftMs).toBeLessThan(1_000);
      for (const row of table) {
        expect(row.lost, row.role).toBeLessThanOrEqual(mostMs / WRITE_EVERY_MS);
      }
      expect(await next.command("EXISTS", STREAM)).toBe(1);
      await world.close();
      await later.close();
    },
  );
}
