import { setTimeout as delay } from "node:timers/promises";
import { type RedisServer, startRedis } from "./server.js";

/** A Redis Cluster of three masters. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  /** The replica of each node. Empty without the option `hasReplicas`. */
  readonly replicas: readonly RedisServer[];
  /** Returns the index of the node that owns the slot of a key. */
  ownerOf(key: string): Promise<number>;
  /** Moves the slot of a key with its keys to another node, like `redis-cli --cluster reshard`. */
  moveSlotOf(key: string, to: number): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
const JOIN_TIMEOUT_MS = 60_000;

/** Starts three masters, and waits until all of them report a complete cluster. */
export async function startCluster({
  hasReplicas = false,
}: {
  readonly hasReplicas?: boolean;
} = {}): Promise<RedisCluster> {
  const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
  // A node that loses a neighbour continues to serve its own slots.
  const partial = ["--cluster-require-full-coverage", "no"];
  const nodes: RedisServer[] = [];
  for (let i = 0; i < MASTERS; i++) nodes.push(await startRedis({ args: [...args, ...partial] }));

  for (const [i, node] of nodes.entries()) {
    const first = Math.ceil((i * SLOTS) / MASTERS);
    const last = Math.ceil(((i + 1) * SLOTS) / MASTERS) - 1;
    await node.command("CLUSTER", "ADDSLOTSRANGE", first, last);
    await node.command("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
  }
  for (const node of nodes.slice(1))
    await nodes[0]?.command("CLUSTER", "MEET", node.host, node.port);
  await untilComplete(nodes);

  const slotOf = async (key: string): Promise<number> =>
    Number(await nodes[0]?.command("CLUSTER", "KEYSLOT", key));
  const idOf = async (node: RedisServer): Promise<string> =>
    String(await node.command("CLUSTER", "MYID"));
  const ownerOfSlot = async (slot: number, asked: RedisServer): Promise<number> => {
    const ranges = (await asked.command("CLUSTER", "SLOTS")) as readonly [
      number,
      number,
      readonly [string, number],
    ][];
    const [, , address] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? [];
    return nodes.findIndex(({ port }) => port === address?.[1]);
  };
  const replicas: RedisServer[] = [];
  for (const node of hasReplicas ? nodes : []) {
    const replica = await startRedis({ args: [...args, ...partial] });
    replicas.push(replica);
    await replica.command("CLUSTER", "MEET", node.host, node.port);
    const id = await idOf(node);
    while (!String(await replica.command("CLUSTER", "NODES")).includes(id)) await delay(50);
    await replica.command("CLUSTER", "REPLICATE", id);
    const facts = async (): Promise<string> => String(await replica.command("INFO", "replication"));
    while (!/master_link_status:up/.test(await facts())) await delay(50);
  }
  const close = async (): Promise<void> => {
    await Promise.all([...nodes, ...replicas].map((node) => node.close()));
  };
  return {
    nodes,
    replicas,
    ownerOf: async (key) => ownerOfSlot(await slotOf(key), nodeAt(nodes, 0)),
    async moveSlotOf(key, to) {
      const slot = await slotOf(key);
      const from = await ownerOfSlot(slot, nodeAt(nodes, 0));
      const [source, target] = [nodeAt(nodes, from), nodeAt(nodes, to)];
      await target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", await idOf(source));
      await source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", await idOf(target));
      for (;;) {
        const keys = await source.command("CLUSTER", "GETKEYSINSLOT", slot, 100);
        if (!Array.isArray(keys) || keys.length === 0) break;
        const names = keys.map(String);
        await source.command(
          ...["MIGRATE", target.host, target.port, "", 0, 5000, "REPLACE", "KEYS", ...names],
        );
      }
      for (const node of [
        target,
        source,
        ...nodes.filter((node) => node !== target && node !== source),
      ])
        await node.command("CLUSTER", "SETSLOT", slot, "NODE", await idOf(target));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function nodeAt(nodes: readonly RedisServer[], index: number): RedisServer {
  const node = nodes[index];
  if (node === undefined) throw new Error(`no node ${index}`);
  return node;
}

async function untilComplete(nodes: readonly RedisServer[]): Promise<void> {
  const deadline = performance.now() + JOIN_TIMEOUT_MS;
  for (;;) {
    const infos = await Promise.all(nodes.map((node) => node.command("CLUSTER", "INFO")));
    const isComplete = (info: unknown): boolean =>
      /cluster_state:ok/.test(String(info)) &&
      String(info).includes(`cluster_known_nodes:${MASTERS}`) &&
      String(info).includes(`cluster_slots_ok:${SLOTS}`);
    if (infos.every(isComplete)) return;
    if (performance.now() > deadline) throw new Error(`no complete cluster:\n${infos.join("\n")}`);
    await delay(50);
  }
}
