import type { RedisServer } from "@sortition/test-kit/redis";

const SCRIPT = `
local c = redis.call('HMGET', KEYS[2], 'appended', 'delivered', 'dead')
return { tonumber(c[1] or 0), tonumber(c[2] or 0), tonumber(c[3] or 0), redis.call('XLEN', KEYS[1]) }`;

/** Returns the totals of a namespace's outbox and the length of its stream, as one snapshot. */
export async function outboxCounts(
  server: RedisServer,
  namespace = "test",
): Promise<Readonly<Record<"appended" | "delivered" | "dead" | "left", number>>> {
  const stream = `sortition:{${namespace}}:v1:outbox`;
  const reply = await server.command("EVAL", SCRIPT, 2, stream, `${stream}:counts`);
  const [appended = 0, delivered = 0, dead = 0, left = 0] = reply as readonly number[];
  return { appended, delivered, dead, left };
}
