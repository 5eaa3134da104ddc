import type { AssignmentLogger } from "@sortition/core/internal";
import { hasRedis, type RedisServer, startCluster, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { redis } from "../../src/index.js";
import { moveOutbox, readFleetStatus } from "../../src/status.js";
import { aclRules } from "../acl.js";
import { assignment } from "../support/events.js";

const COUNT = 250;

/** Stores exposures that no process delivers. */
async function store(url: string, namespace: string, name?: string): Promise<void> {
  const fleet = redis({ redis: url, namespace });
  const outbox = fleet.outbox({ logAssignment() {} }, { deliver: false, ...(name && { name }) });
  for (let i = 0; i < COUNT; i++) outbox.logAssignment(assignment(`user-${i}`));
  expect(await outbox.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
  await fleet.close();
}

function recorder(): AssignmentLogger & { readonly subjects: Set<string> } {
  const subjects = new Set<string>();
  return { subjects, logAssignment: ({ subject }) => void subjects.add(subject) };
}

describe.skipIf(!hasRedis)("moveOutbox", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => server.command("FLUSHALL"));
  afterAll(() => server.close());

  it.each([
    {
      what: "another name",
      from: { namespace: "shop", name: "former" },
      to: { namespace: "shop" },
    },
    { what: "another namespace", from: { namespace: "eppo-1" }, to: { namespace: "shop" } },
  ])(
    "moves all exposures of $what, with the permissions that the guide prints",
    async ({ from, to }) => {
      await store(server.url, from.namespace, "name" in from ? from.name : undefined);
      await server.command(
        "ACL",
        "SETUSER",
        "mover",
        "reset",
        "on",
        ">secret",
        ...aclRules(["move"]),
      );
      const url = server.url.replace("//", "//mover:secret@");
      expect(await moveOutbox({ redis: url, from, to })).toBe(COUNT);
      expect(await moveOutbox({ redis: url, from, to })).toBe(0);
      const { outboxes } = await readFleetStatus({ redis: server.url, namespace: to.namespace });
      const facts = { length: COUNT, pending: 0, dead: 0, consumers: 0 };
      expect(outboxes).toEqual([{ name: "outbox", ...facts }]);
      const counts = await server.command("HGET", "sortition:{shop}:v1:outbox:counts", "appended");
      expect(counts).toBe(String(COUNT));

      const logger = recorder();
      const fleet = redis({ redis: server.url, namespace: to.namespace });
      fleet.outbox(logger);
      await vi.waitFor(() => expect(logger.subjects.size).toBe(COUNT), 30_000);
      await fleet.close();
    },
  );

  it("refuses to move an outbox that a process delivers, and to the same place", async () => {
    await store(server.url, "shop");
    const fleet = redis({ redis: server.url, namespace: "shop" });
    fleet.outbox({
      async logAssignment() {
        throw new Error("down");
      },
    });
    const from = { namespace: "shop" };
    const read = async () =>
      (await readFleetStatus({ redis: server.url, namespace: "shop" })).outboxes;
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ consumers: 1 }]), 30_000);
    const move = (to: { namespace: string }) => moveOutbox({ redis: server.url, from, to });
    await expect(move({ namespace: "other" })).rejects.toThrow(
      "from: 1 process delivers the outbox",
    );
    await expect(move({ namespace: "shop" })).rejects.toThrow("to: expected a different outbox");
    await fleet.close();
  });

  it("moves between the nodes of a Cluster", async () => {
    await using cluster = await startCluster();
    const node = cluster.nodes[0];
    if (node === undefined) throw new Error("no node");
    const namespaces = ["a", "b", "c"];
    const owners = await Promise.all(
      namespaces.map((name) => cluster.ownerOf(`sortition:{${name}}:v1:outbox`)),
    );
    expect(new Set(owners).size).toBeGreaterThan(1);
    const other = namespaces.find((_, i) => owners[i] !== owners[0]) ?? "";
    const keys = { namespace: "a" };
    const owner = cluster.nodes[owners[0] ?? 0];
    await owner?.command(
      "XADD",
      "sortition:{a}:v1:outbox",
      "*",
      "id",
      "1",
      "kind",
      "x",
      "event",
      "{}",
    );
    expect(await moveOutbox({ redis: node.url, from: keys, to: { namespace: other } })).toBe(1);
  });
});
