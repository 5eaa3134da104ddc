import type { RedisServer } from "@sortition/test-kit/redis";

/** State of a test's fleet: its last and next poll, relative to now, and its outbox. */
export interface StoredFleet {
  readonly atMs?: number;
  readonly dueMs?: number;
}

/** Writes what a fleet would have stored. */
export async function storeFleet(
  server: Pick<RedisServer, "command">,
  namespace: string,
  { atMs = -10_000, dueMs = 20_000 }: StoredFleet = {},
): Promise<void> {
  const key = (suffix: string): string => `sortition:{${namespace}}:v1:${suffix}`;
  const [seconds] = (await server.command("TIME")) as readonly [string, string];
  const now = Number(seconds) * 1_000;
  const poll = { at: now + atMs, okAt: now + atMs, due: now + dueMs, outcome: "ok", failures: 0 };
  const config = { rev: 1_700, sha: "ab".repeat(32), dialect: "eppo", by: "0.1.0", parts: "flags" };
  const part = { "part:flags": "x".repeat(500), "size:flags": 5_000 };
  await server.command("SET", key("lease"), "worker-7.0123456789abcdef", "PX", 9_000);
  await server.command("HSET", key("fence"), "n", "1699", "owner", "worker-7.0123456789abcdef");
  await server.command("HSET", key("poll"), ...Object.entries(poll).flat());
  await server.command("HSET", key("config"), ...Object.entries({ ...config, ...part }).flat());
  await server.command("XADD", key("outbox"), "*", "id", "a");
  await server.command("XADD", key("outbox"), "*", "id", "b");
  await server.command("XGROUP", "CREATE", key("outbox"), "deliver", "0");
  await server.command(
    "XREADGROUP",
    "GROUP",
    "deliver",
    "me",
    "COUNT",
    1,
    "STREAMS",
    key("outbox"),
    ">",
  );
  await server.command("HSET", key("outboxes"), "outbox", 1, "former", 1);
  await server.command("XADD", key("outbox:former"), "*", "id", "d");
  await server.command("XADD", key("outbox:dead"), "*", "id", "c");
}
