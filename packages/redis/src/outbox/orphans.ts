import { listOf } from "../codec/reply-lists.js";
import type { Link } from "../connection/connection.js";
import { GROUP, type OutboxKeys, REFUSED } from "./keys.js";

/** Idle time after which a consumer no longer counts. Waits and deliveries take less. */
const GONE_MS = 60_000;

/** An outbox with exposures that no process delivers. */
export interface Orphan {
  readonly name: string;
  readonly count: number;
}

/**
 * Finds outboxes of the namespace with exposures that no process delivers, for example because the
 * outbox was renamed.
 *
 * @param keysOf - returns the keys of an outbox by its name.
 * @param isOpen - whether this process has opened an outbox of this name.
 */
export async function findOrphans(
  link: Pick<Link, "command">,
  keysOf: (name: string) => OutboxKeys,
  isOpen: (name: string) => boolean,
): Promise<readonly Orphan[]> {
  const names = await link.command("hkeys", keysOf("outbox").registry);
  const orphans: Orphan[] = [];
  for (const name of listOf(names).map(String)) {
    if (isOpen(name)) continue;
    const { stream } = keysOf(name);
    const count = Number(await link.command("xlen", stream));
    if (count === 0) continue;
    // Without a group, nothing was ever delivered.
    const consumers = await link.command("xinfo", "CONSUMERS", stream, GROUP).catch(() => []);
    if (countActive(consumers) === 0) orphans.push({ name, count });
  }
  return orphans;
}

/** Number of processes that deliver, from the reply to `XINFO CONSUMERS`. */
export function countActive(reply: unknown): number {
  return listOf(reply).filter((consumer) => {
    // A list of names and values, also with RESP3.
    const facts = listOf(consumer);
    const fact = (name: string): unknown => facts[facts.findIndex((it) => `${it}` === name) + 1];
    return `${fact("name")}` !== REFUSED && Number(fact("idle")) < GONE_MS;
  }).length;
}
