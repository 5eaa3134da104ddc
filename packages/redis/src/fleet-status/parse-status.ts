import { decodeName } from "../codec/part-names.js";
import { isAlive, mixedSources, type NotedSource } from "../sources/noted-sources.js";
import { workerOf } from "../worker/replies.js";
import type {
  FleetConfiguration,
  FleetLeader,
  FleetPart,
  FleetPoll,
  FleetStatus,
} from "./fleet-status.js";

/** Replies of Redis, read together. */
export interface FleetAnswers
  extends Pick<FleetStatus, "eviction" | "subscribers" | "outbox" | "outboxes"> {
  /** Redis's clock, ms. */
  readonly nowMs: number;
  readonly lease: { readonly token: string; readonly leaseMs: number } | null;
  readonly fence: ReadonlyMap<string, string>;
  readonly poll: ReadonlyMap<string, string>;
  /** Fields of the configuration, except for the bytes of its parts. */
  readonly head: ReadonlyMap<string, string>;
  /** Number of stored bytes by the encoded name of the part. */
  readonly storedBytes: ReadonlyMap<string, number>;
  /** The section `replication` of `INFO`. `null`: unknown. */
  readonly replication: string | null;
  readonly sources: readonly NotedSource[];
}

/**
 * Limits of how late a poll may be before the fleet is overdue. Between the limits, it is the
 * interval.
 */
const MAX_GRACE_MS = 30_000;
const MIN_GRACE_MS = 1_000;

/** Builds the status of a fleet from Redis's replies. */
export function parseFleetStatus(
  namespace: string,
  prefix: string,
  answers: FleetAnswers,
): FleetStatus {
  const { eviction, fence, lease, nowMs, outbox, outboxes, sources, subscribers } = answers;
  const configuration = configurationOf(answers);
  const poll = pollOf(answers);
  return {
    namespace,
    prefix,
    server: serverOf(answers),
    eviction,
    health: healthOf(answers, configuration !== null),
    sources: sources.map((it) => ({
      source: it.source,
      ageMs: Math.max(0, nowMs - it.seenMs),
      isAlive: isAlive(it, nowMs),
    })),
    leader: lease === null ? null : leaderOf(lease),
    fence: fenceOf(fence),
    configuration,
    poll,
    subscribers,
    outbox,
    outboxes,
  };
}

function healthOf(answers: FleetAnswers, hasConfiguration: boolean): FleetStatus["health"] {
  if (mixedSources(answers.sources, answers.nowMs).length > 0) return "mixed";
  if (!hasConfiguration) return "empty";
  return isOverdue(answers) ? "overdue" : "healthy";
}

function serverOf({ replication }: FleetAnswers): FleetStatus["server"] {
  if (replication === null) return null;
  if (!/^role:slave/m.test(replication)) return "primary";
  return /^master_link_status:up/m.test(replication) ? "replica" : "cut-off-replica";
}

/**
 * Whether the next poll is later than a change of leader can explain: by more than an interval,
 * which is known from the last completed poll, within the limits above.
 */
function isOverdue({ lease, nowMs, poll }: FleetAnswers): boolean {
  // Before the first poll, the holder of the lease is about to poll.
  if (!poll.has("due")) return lease === null;
  const dueAtMs = numberOf(poll, "due", nowMs);
  const intervalMs = dueAtMs - numberOf(poll, "at", 0);
  const graceMs = Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, intervalMs));
  return dueAtMs - nowMs < -graceMs;
}

function leaderOf({ leaseMs, token }: { token: string; leaseMs: number }): FleetLeader {
  return { worker: workerOf(token), leaseMs: Math.max(0, leaseMs) };
}

function fenceOf(fence: FleetAnswers["fence"]): FleetStatus["fence"] {
  const n = fence.get("n");
  return n === undefined ? null : { n, worker: workerOf(fence.get("owner") ?? "") };
}

function configurationOf({ head, storedBytes }: FleetAnswers): FleetConfiguration | null {
  const revision = head.get("rev");
  if (revision === undefined) return null;
  const parts = namesIn(head.get("parts")).map((name): FleetPart => {
    const stored = storedBytes.get(name) ?? 0;
    return {
      name: decodeName(name),
      sizeBytes: numberOf(head, `size:${name}`, stored),
      storedBytes: stored,
    };
  });
  return {
    revision,
    sha: head.get("sha") ?? "",
    dialect: head.get("dialect") ?? "",
    publishedBy: head.get("by") ?? "",
    parts,
    omitted: namesIn(head.get("omitted")).map((it) => decodeName(it.replace(/=.*/, ""))),
  };
}

function pollOf({ nowMs, poll }: FleetAnswers): FleetPoll | null {
  // The worker that claims the first poll stores when it is due. There is no outcome until it ends.
  if (!poll.has("due") || !poll.has("outcome")) return null;
  const okAtMs = numberOf(poll, "okAt", 0);
  const status = numberOf(poll, "status", 0);
  return {
    okAgeMs: okAtMs === 0 ? null : Math.max(0, nowMs - okAtMs),
    dueInMs: numberOf(poll, "due", nowMs) - nowMs,
    outcome: poll.get("outcome") ?? "",
    status: status === 0 ? null : status,
    failures: numberOf(poll, "failures", 0),
  };
}

/** Splits a list of names in a field. */
export function namesIn(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.split(",");
}

function numberOf(fields: ReadonlyMap<string, string>, name: string, fallback: number): number {
  const text = fields.get(name);
  const number = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : fallback;
}
