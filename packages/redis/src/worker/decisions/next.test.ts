import { readFileSync } from "node:fs";
import { HttpStatusError } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { RedisError } from "../../errors/redis-error.js";
import { checkOptions } from "../../options/settings.js";
import { WANT } from "../protocol.js";
import type { Tick } from "../replies.js";
import { type WorkerPorts, WorkerState } from "../worker-state.js";
import { next } from "./next.js";
import { isDirect, isEligible, tickDelayMs, wantOf } from "./next-tick.js";
import { type Action, Decided, type DecisionInput, type WorkerEvent } from "./transition.js";

const I = 30_000;
const L = 15_000;
const NOW = 1_000_000;
const SETTINGS = checkOptions({ redis: "redis://localhost", namespace: "n" });

const TICK: Tick = {
  isHeld: false,
  n: "0",
  mustPoll: false,
  gateMs: 20_000,
  leaseMs: 10_000,
  revision: 10,
  sha: "a",
  overdueMs: -20_000,
  okAgeMs: 10_000,
  outcome: "ok",
  status: 200,
  failures: 0,
  scope: "own",
  leader: "other",
  settledAgeMs: 10_000,
  damage: "",
};
const LED: Partial<Tick> = { isHeld: true, n: "7", leader: "self" };

const FOLLOWER: Partial<Decided> = { role: "follower" };
const LEADER: Partial<Decided> = { role: "leader" };
const OUT: Partial<Decided> = { outageSinceMs: NOW - 40_000, isOutageLong: true, role: "direct" };
const REFUSED = new RedisError("SORTITION_REDIS_DENIED", "redis refused a command");
const GOOD = { isGood: true, handsOver: false, isRecorded: true, holdOffMs: 0, isDue: false };
const UNAVAILABLE = {
  kind: "transient",
  error: new HttpStatusError(503, null),
  retryAfterMs: null,
} as const;

/** What the clients have. Default: content `a`, revision 10, which the origin confirmed a second ago. */
interface HeldFacts {
  readonly sha?: string | null;
  readonly revision?: number | null;
  readonly ageMs?: number;
  /** Time since the end of the attempt that fetched it directly. */
  readonly sinceAttemptMs?: number;
  readonly members?: Partial<WorkerState>;
  readonly lastTick?: Partial<Tick>;
}

/** Offset of the clock that measures ages. */
let laterMs = 0;

function heldOf(facts: HeldFacts = {}): WorkerState {
  const { ageMs = 1_000, lastTick, members = {}, revision = 10, sha = "a" } = facts;
  let nowMs = NOW;
  const ports: object = {
    clock: { monotonicMs: () => nowMs + laterMs, now: () => nowMs + laterMs },
    counters: {},
  };
  const state = new WorkerState(ports as WorkerPorts); // it uses no other members
  if (lastTick !== undefined) state.noteTick({ ...TICK, ...lastTick });
  if (facts.sinceAttemptMs !== undefined) {
    nowMs -= facts.sinceAttemptMs;
    state.noteAttempt();
    nowMs = NOW;
  }
  if (sha !== null) state.install({ payloads: [], hashes: new Map(), sha }, revision, ageMs);
  return Object.assign(state, members);
}

const EMPTY: HeldFacts = { sha: null };
/** Newer than the stored configuration, or fetched by an attempt that overlaps it. */
const FETCHED: HeldFacts = { sha: "b", revision: null, sinceAttemptMs: 5_000 };

function inputOf(held: HeldFacts = {}, members: Partial<DecisionInput> = {}): DecisionInput {
  return {
    nowMs: NOW,
    epochMs: NOW,
    draw: 0.5,
    uptimeMs: 60_000,
    settings: SETTINGS,
    place: "redis at localhost:6379",
    scope: "own",
    hasStream: false,
    held: heldOf(held).held,
    poll: null,
    readFailure: null,
    isSubscribed: true,
    ...members,
  };
}

/** Actions of every tick, and actions that have no effect by themselves. */
const USUAL: readonly Action["do"][] = ["note-tick", "forget-read-failure", "cancel-timer"];

/** Formats actions as short strings. Omits the usual ones. */
function toldOf(actions: readonly Action[]): string[] {
  return actions
    .filter((it) => !USUAL.includes(it.do) && !(it.do === "say" && it.level === "debug"))
    .map((it) => {
      switch (it.do) {
        case "say":
          return `${it.level}: ${it.message}`;
        case "tick":
          return `tick within ${it.withinMs}`;
        case "set-timer":
          return `set ${it.timer} ${it.delayMs}`;
        case "count":
          return `count ${it.what}`;
        case "follow":
        case "note-lease":
          return `${it.do} ${it.n}`;
        case "lead":
          return `lead ${it.lead.n} after ${it.lead.failures}`;
        case "note-error":
        case "note-redis-error":
          return `${it.do} ${it.error.code}`;
        case "report-failure":
          return `report-failure in ${it.inMs}`;
        case "report-schedule":
          return `report-schedule in ${it.inMs}`;
        default:
          return it.do;
      }
    });
}

interface Row {
  /** Section of the specification. */
  readonly spec: string;
  /** Faults in §6 that this row covers. */
  readonly faults: readonly number[];
  readonly what: string;
  readonly state?: Partial<Decided>;
  readonly held?: HeldFacts;
  readonly at?: Partial<DecisionInput>;
  readonly event: WorkerEvent;
  readonly does: readonly string[];
  readonly becomes?: Partial<Decided>;
}

const ticked = (members: Partial<Tick> = {}, isPlain = false): WorkerEvent => ({
  kind: "ticked",
  tick: { ...TICK, ...members },
  isPlain,
});
const message = (text: string): WorkerEvent => ({ kind: "message", text });
const time = (timer: Extract<WorkerEvent, { kind: "time" }>["timer"]): WorkerEvent => ({
  kind: "time",
  timer,
});

const UNUSABLE = "warn: redis unusable, polling directly";
const RECORDED_REFUSAL = "note-error SORTITION_REDIS_DENIED";

// biome-ignore format: a row per line
const ROWS: readonly Row[] = [
  // The lease
  { spec: "§3", faults: [3, 4, 61], what: "makes a worker the leader if its tick finds that it holds the lease", state: FOLLOWER, event: ticked(LED), does: ["note-lease 7", "count leaseAcquired", "info: became leader", "confirm"], becomes: { role: "leader" } },
  { spec: "§3", faults: [4, 36], what: "makes a leader a follower if its tick finds another leader", state: LEADER, event: ticked(), does: ["count leaseLost", "warn: lease lost", "confirm"], becomes: { role: "follower" } },
  { spec: "§3", faults: [1, 7], what: "only confirms, if a follower has the stored configuration", state: FOLLOWER, event: ticked(), does: ["confirm"] },
  { spec: "§3.1", faults: [27], what: "takes the lease from a leader that got no reply for L", state: { ...LEADER, outageSinceMs: NOW - L }, event: { kind: "tick-failed", error: REFUSED }, does: ["count leaseLost", "warn: lease lost"], becomes: { role: "follower" } },
  { spec: "§3.1", faults: [27], what: "leaves the lease to a leader that got no reply for less than L", state: { ...LEADER, outageSinceMs: NOW - L + 1 }, event: { kind: "tick-failed", error: REFUSED }, does: [], becomes: { role: "leader" } },
  // §3.2.1
  { spec: "§3.2.1", faults: [19], what: "starts an outage when a tick fails, and does nothing else", state: FOLLOWER, event: { kind: "tick-failed", error: REFUSED }, does: [`set outage ${I}`], becomes: { outageSinceMs: NOW, role: "follower" } },
  { spec: "§3.2.1", faults: [2, 42], what: "waits for the fleet's poll if there is neither a configuration nor a leader", state: FOLLOWER, held: EMPTY, event: ticked({ revision: 0, sha: "", overdueMs: null, okAgeMs: null, leader: "other" }), does: [], becomes: { directReason: null } },
  // §3.2.2
  { spec: "§3.2.2", faults: [7, 8], what: "reads a greater revision", state: FOLLOWER, event: ticked({ revision: 11, sha: "b", settledAgeMs: 500 }), does: ["read"] },
  { spec: "§3.2.2", faults: [8], what: "counts a greater revision as missed if no message announced it in time", state: FOLLOWER, event: ticked({ revision: 11, sha: "b" }), does: ["count missedPushes", "read"] },
  { spec: "§3.2.2", faults: [16], what: "counts no message as missed without pub/sub", state: FOLLOWER, at: { isSubscribed: false }, event: ticked({ revision: 11, sha: "b" }), does: ["read"] },
  { spec: "§3.2.2", faults: [7], what: "reads the first configuration", state: FOLLOWER, held: EMPTY, event: ticked(), does: ["read"] },
  { spec: "§3.2.2", faults: [15], what: "confirms a greater revision with the same content without reading it", state: FOLLOWER, event: ticked({ revision: 11 }), does: ["confirm"] },
  { spec: "§3.2.2", faults: [14, 25, 62], what: "restores a lost configuration at once, if the worker leads", state: LEADER, event: ticked({ ...LED, revision: 0, sha: "" }), does: ["note-lease 7", "restore"], becomes: { isRestoring: true } },
  { spec: "§3.2.2", faults: [14, 15, 25], what: "restores a lost configuration after 20 to 200 ms, if the worker follows", state: FOLLOWER, event: ticked({ revision: 9, sha: "z" }), does: ["set restore 110"], becomes: { isRestorePlanned: true } },
  { spec: "§3.2.2", faults: [14], what: "restores a lost configuration when the follower's delay has passed", state: { ...FOLLOWER, isRestorePlanned: true }, held: { lastTick: { revision: 0 } }, event: time("restore"), does: ["restore"] },
  { spec: "§3.2.2", faults: [14], what: "does not restore what another worker has restored during the delay", state: { ...FOLLOWER, isRestorePlanned: true }, held: { lastTick: {} }, event: time("restore"), does: [] },
  { spec: "§3.2.2", faults: [17], what: "restores nothing if scripts are refused", state: FOLLOWER, event: ticked({ revision: 0, sha: "" }, true), does: [], becomes: { isPlain: true } },
  // §3.2.3
  { spec: "§3.2.3", faults: [1, 2], what: "starts a granted poll", state: { ...LEADER, isPollWished: true }, event: ticked({ ...LED, mustPoll: true, failures: 2 }), does: ["note-lease 7", "confirm", "lead 7 after 2"], becomes: { isPollWished: false } },
  { spec: "§3.2.3", faults: [14], what: "delays a granted poll until a restore has ended", state: { ...LEADER, isRestoring: true }, event: ticked({ ...LED, mustPoll: true, revision: 0 }), does: ["note-lease 7"], becomes: { waitingPoll: { n: "7", failures: 0, ownFailures: 0 } } },
  { spec: "§3.2.3", faults: [14], what: "starts the delayed poll after the restore", state: { ...LEADER, isRestoring: true, waitingPoll: { n: "7", failures: 0, ownFailures: 0 } }, event: { kind: "restored" }, does: ["tick within 0", "lead 7 after 0"], becomes: { isRestoring: false, waitingPoll: null } },
  // §3.2.4
  { spec: "§3.2.4", faults: [3], what: "polls directly if the fleet is overdue, with a jitter of up to I", state: FOLLOWER, event: ticked({ overdueMs: I + 1 }), does: ["confirm", "warn: no worker completes polls, polling directly", "leave", `set direct ${I / 2}`], becomes: { directReason: "overdue", role: "direct" } },
  { spec: "§6", faults: [67], what: "looks for another server at each tick while the fleet is overdue", state: { role: "direct", directReason: "overdue", isOverdueReported: true }, event: ticked({ overdueMs: 2 * I }), does: ["confirm", "leave"], becomes: { directReason: "overdue", role: "direct" } },
  { spec: "§3.2.4", faults: [5, 20], what: "does not poll directly before the fleet is overdue, however old the content", state: FOLLOWER, event: ticked({ overdueMs: I, okAgeMs: 100 * I, outcome: "origin-error", status: 503, failures: 3 }), does: ["confirm", "note-error SORTITION_HTTP_STATUS", "report-failure in 0"], becomes: { directReason: null } },
  { spec: "§3.2.4", faults: [4], what: "ends direct polls when the fleet polls again", state: { role: "direct", directReason: "overdue", directFailures: 2 }, event: ticked(), does: ["confirm"], becomes: { directReason: null, directFailures: 0, role: "follower" } },
  { spec: "§3.2.4", faults: [17], what: "reports a lease that has been free for I, and polls directly without a configuration", state: { ...FOLLOWER, leaderlessSinceMs: NOW - I }, held: EMPTY, event: ticked({ revision: 0, leader: "", overdueMs: null }), does: ["warn: no eligible worker", "set direct 250"], becomes: { directReason: "no-eligible-worker" } },
  { spec: "§3.2.4", faults: [17], what: "does not report a lease that has been free for less than I", state: FOLLOWER, event: ticked({ leader: "" }), does: ["confirm"], becomes: { leaderlessSinceMs: NOW } },
  { spec: "§3.2.4", faults: [17], what: "reports a free lease only once", state: { ...FOLLOWER, leaderlessSinceMs: NOW - I, isLeaderlessReported: true }, event: ticked({ leader: "" }), does: ["confirm"] },
  { spec: "§3.2.4", faults: [17], what: "can report a free lease again after another worker has held it", state: { ...FOLLOWER, leaderlessSinceMs: NOW - I, isLeaderlessReported: true }, event: ticked(), does: ["confirm"], becomes: { leaderlessSinceMs: null, isLeaderlessReported: false } },
  { spec: "§3.2.4", faults: [17], what: "can report a free lease again after this worker has held it", state: { ...LEADER, leaderlessSinceMs: NOW - I, isLeaderlessReported: true }, event: ticked(LED), does: ["note-lease 7", "confirm"], becomes: { leaderlessSinceMs: null, isLeaderlessReported: false } },
  // §3.2.5
  { spec: "§3.2.5", faults: [11, 41], what: "restarts the wait for Redis at the first failed attempt to connect", state: { outageSinceMs: NOW - 900 }, held: EMPTY, at: { uptimeMs: 1_000 }, event: { kind: "disconnected", error: REFUSED }, does: ["note-redis-error SORTITION_REDIS_DENIED", "set outage 1000", "tick within 100"], becomes: { hasFailed: true, outageSinceMs: NOW - 900 } },
  { spec: "§3.2.5", faults: [11], what: "does not restart the wait at later failed attempts", state: { outageSinceMs: NOW - 900, hasFailed: true }, held: EMPTY, at: { uptimeMs: 1_000 }, event: { kind: "disconnected", error: REFUSED }, does: ["note-redis-error SORTITION_REDIS_DENIED", "tick within 100"] },
  { spec: "§3.2.5", faults: [11, 12], what: "ticks when an outage has become long", state: { ...FOLLOWER, outageSinceMs: NOW - I }, event: time("outage"), does: ["tick within 0"], becomes: { isOutageLong: true } },
  { spec: "§3.2.5", faults: [12, 19, 21, 26], what: "polls directly in a long outage, with a jitter of up to I if it has a configuration", state: { ...OUT, role: "follower" }, event: { kind: "tick-failed", error: REFUSED }, does: [UNUSABLE, RECORDED_REFUSAL, `set direct ${I / 2}`], becomes: { role: "direct", directReason: "redis-unusable" } },
  { spec: "§3.2.5", faults: [11], what: "polls directly in a long outage, with a jitter of up to 500 ms without a configuration", state: { ...OUT, role: "starting" }, held: EMPTY, event: { kind: "tick-failed", error: REFUSED }, does: [UNUSABLE, RECORDED_REFUSAL, "set direct 250"] },
  { spec: "§3.2.5", faults: [12], what: "reports an outage once", state: { ...OUT, unusable: { cause: "outage", sinceMs: 0 }, directReason: "redis-unusable" }, event: { kind: "tick-failed", error: REFUSED }, does: [] },
  { spec: "§3.2.5", faults: [13], what: "reports that it holds, and does not poll, with whenRedisDown \"hold\"", state: OUT, at: { settings: { ...SETTINGS, whenRedisDown: "hold" } }, event: { kind: "tick-failed", error: REFUSED }, does: ["warn: redis unusable, holding", RECORDED_REFUSAL], becomes: { directReason: null } },
  { spec: "§3.2.5", faults: [63], what: "closes the leader's stream in a long outage before it polls directly", state: { ...OUT, role: "leader", followed: "7" }, event: { kind: "tick-failed", error: REFUSED }, does: ["unfollow", "count leaseLost", "warn: lease lost", UNUSABLE, RECORDED_REFUSAL, `set direct ${I / 2}`], becomes: { followed: null } },
  { spec: "§3.2.5", faults: [11, 12, 24], what: "ends the outage and the direct polls when Redis responds", state: { ...OUT, unusable: { cause: "outage", sinceMs: NOW - 40_000 }, directReason: "redis-unusable" }, event: ticked(), does: ["warn: redis reachable again", "confirm"], becomes: { outageSinceMs: null, isOutageLong: false, directReason: null, role: "follower" } },
  { spec: "§3.2.5", faults: [17, 24], what: "keeps following with plain reads", state: FOLLOWER, event: ticked({ revision: 11, sha: "b", settledAgeMs: 1 }, true), does: ["read"], becomes: { isPlain: true, role: "follower" } },
  { spec: "§3.2.5", faults: [17], what: "treats a configuration that has been unreadable for long like an outage", state: FOLLOWER, held: EMPTY, at: { readFailure: { sinceMs: NOW - 1_001, error: REFUSED } }, event: ticked(), does: ["read", UNUSABLE, RECORDED_REFUSAL, "set direct 250"], becomes: { role: "direct" } },
  { spec: "§3.2.5", faults: [17], what: "ends that outage when a read succeeds", state: { role: "direct", unusable: { cause: "reads", sinceMs: 0 } }, event: { kind: "read" }, does: ["warn: redis reachable again"], becomes: { unusable: null } },
  { spec: "§3.2.5", faults: [12, 17], what: "does not count reads that failed in an outage", state: { ...OUT, unusable: { cause: "outage", sinceMs: NOW - 40_000 }, directReason: "redis-unusable" }, at: { readFailure: { sinceMs: NOW - 1_001, error: REFUSED } }, event: ticked({ revision: 11, sha: "b", settledAgeMs: 1 }), does: ["warn: redis reachable again", "read"], becomes: { unusable: null, directReason: null, role: "follower" } },
  // §3.2.6
  { spec: "§3.2.6", faults: [1], what: "ticks within I after a successful poll", state: LEADER, event: { kind: "polled", end: GOOD }, does: [`tick within ${I}`] },
  { spec: "§3.2.6", faults: [9, 10, 36], what: "ticks after a fenced poll", state: FOLLOWER, event: { kind: "polled", end: { ...GOOD, isRecorded: null, isDue: true } }, does: ["tick within 0"] },
  { spec: "§3.2.6", faults: [19], what: "holds the leader off for I after a poll that was not recorded", state: LEADER, event: { kind: "polled", end: { ...GOOD, isRecorded: false, holdOffMs: I } }, does: [`tick within ${I}`], becomes: { heldOffUntilMs: NOW + I, failedRecords: 1 } },
  { spec: "§3.2.6", faults: [20, 22, 60], what: "releases the lease for 2 I after the third failed attempt", state: { ...LEADER, failedAttempts: 2 }, event: { kind: "polled", end: { ...GOOD, isGood: false, isRecorded: null } }, does: ["release", `tick within ${I}`], becomes: { declinedUntilMs: NOW + 2 * I, failedAttempts: 0 } },
  { spec: "§3.2.6", faults: [64], what: "releases the lease for I if another worker may succeed", state: LEADER, event: { kind: "polled", end: { ...GOOD, isGood: false, handsOver: true } }, does: ["release", `tick within ${I}`], becomes: { declinedUntilMs: NOW + I, failedAttempts: 0 } },
  { spec: "§3.2.6", faults: [22], what: "resets the count of failed attempts after a successful one", state: { ...LEADER, failedAttempts: 2 }, event: { kind: "polled", end: GOOD }, does: [`tick within ${I}`], becomes: { failedAttempts: 0 } },
  { spec: "§3.2.6", faults: [22], what: "releases the lease after the third poll that was not recorded", state: { ...LEADER, failedRecords: 2 }, event: { kind: "polled", end: { ...GOOD, isRecorded: false, holdOffMs: I } }, does: ["release", `tick within ${I}`] },
  { spec: "§3.2.6", faults: [22], what: "closes the stream when the lease was released", state: { ...LEADER, followed: "7" }, event: { kind: "released", wasHeld: true }, does: ["unfollow"], becomes: { role: "follower" } },
  // §2, out of memory
  { spec: "§2", faults: [23], what: "reports a change that could not be stored, and keeps leading", state: LEADER, held: FETCHED, event: ticked({ ...LED, outcome: "out-of-memory" }), does: ["note-lease 7", UNUSABLE, "note-error SORTITION_REDIS_OOM"], becomes: { role: "leader", directReason: null } },
  { spec: "§2", faults: [23], what: "makes followers poll directly if Redis is out of memory, with a jitter of up to half of I", state: FOLLOWER, event: ticked({ outcome: "out-of-memory" }), does: ["confirm", UNUSABLE, "note-error SORTITION_REDIS_OOM", `set direct ${I / 4}`], becomes: { role: "direct", directReason: "out-of-memory" } },
  { spec: "§2", faults: [13, 23], what: "keeps the configuration if Redis is out of memory, with whenRedisDown \"hold\"", state: FOLLOWER, at: { settings: { ...SETTINGS, whenRedisDown: "hold" } }, event: ticked({ outcome: "out-of-memory" }), does: ["confirm", "warn: redis unusable, holding", "note-error SORTITION_REDIS_OOM"], becomes: { directReason: null } },
  { spec: "§2", faults: [23], what: "requests no further poll from a follower that has fetched the change", state: { role: "direct", unusable: { cause: "memory", sinceMs: 0 }, directReason: "out-of-memory" }, held: FETCHED, event: ticked({ outcome: "out-of-memory" }), does: [] },
  { spec: "§2", faults: [23], what: "ends direct polls when another outcome shows that Redis has memory again", state: { role: "direct", unusable: { cause: "memory", sinceMs: 0 }, directReason: "out-of-memory" }, event: ticked(), does: ["confirm", "warn: redis reachable again"], becomes: { directReason: null, role: "follower" } },
  // §2, size, integrity and scope
  { spec: "§2", faults: [33], what: "makes each follower poll if a payload is too large", state: FOLLOWER, event: ticked({ outcome: "too-large" }), does: ["confirm", `set direct ${I / 2}`], becomes: { directReason: "too-large" } },
  { spec: "§2", faults: [33], what: "does not read an unusable configuration again, and polls directly without a configuration", state: FOLLOWER, held: { ...EMPTY, members: { unusableRevision: 10 } }, event: ticked(), does: ["set direct 250"], becomes: { directReason: "payload-unusable" } },
  { spec: "§2", faults: [33], what: "ticks if a message reports damage to the leader", state: LEADER, event: message("x 10"), does: ["tick within 0"], becomes: { isDamageHinted: true } },
  { spec: "§2", faults: [33], what: "verifies the stored configuration in that tick", state: { ...LEADER, isDamageHinted: true }, event: ticked(LED), does: ["note-lease 7", "confirm", "verify"], becomes: { isVerifying: true, verifiedAtMs: NOW } },
  { spec: "§2", faults: [16, 33], what: "verifies the stored configuration if only Redis has the report", state: LEADER, event: ticked({ ...LED, damage: "10@5" }), does: ["note-lease 7", "confirm", "verify"], becomes: { verifiedReport: "10@5" } },
  { spec: "§2", faults: [33], what: "verifies at most once per I", state: { ...LEADER, verifiedAtMs: NOW - I + 1 }, event: ticked({ ...LED, damage: "10@5" }), does: ["note-lease 7", "confirm"] },
  { spec: "§2", faults: [33], what: "ignores a report of another revision", state: LEADER, event: ticked({ ...LED, damage: "9@5" }), does: ["note-lease 7", "confirm"] },
  { spec: "§2", faults: [33], what: "polls to repair a damaged configuration", state: { ...LEADER, isVerifying: true }, event: { kind: "verified", isGood: false }, does: ["note-damage", "tick within 0"], becomes: { isVerifying: false, isPollWished: true } },
  { spec: "§2", faults: [33], what: "keeps a configuration that is intact, or could not be verified", state: { ...LEADER, isVerifying: true }, event: { kind: "verified", isGood: null }, does: [], becomes: { isVerifying: false, isPollWished: false } },
  { spec: "§2", faults: [33, 55], what: "neither reads nor writes a namespace of another origin", state: LEADER, event: ticked({ scope: "foreign", revision: 11, sha: "b" }), does: ["note-error SORTITION_REDIS_NAMESPACE_CONFLICT", "error: namespace belongs to another source", "count leaseLost", "warn: lease lost", `set direct ${I / 2}`], becomes: { hasConflict: true, role: "direct", declinedUntilMs: NOW + 2 * I } },
  { spec: "§2", faults: [55], what: "leaves the namespace to its owner for 2 I", state: { role: "direct", hasConflict: true, directReason: "namespace-conflict", declinedUntilMs: NOW + 1 }, event: ticked({ scope: "", revision: 0, sha: "" }), does: [], becomes: { hasConflict: true } },
  { spec: "§2", faults: [55], what: "joins the namespace after that", state: { role: "direct", hasConflict: true, directReason: "namespace-conflict", declinedUntilMs: NOW }, held: EMPTY, event: ticked({ scope: "", revision: 0, sha: "", leader: "", overdueMs: null }), does: [], becomes: { hasConflict: false, directReason: null, role: "follower" } },
  { spec: "§2", faults: [33], what: "plans to fetch a part that is too large to be stored, within I", state: FOLLOWER, held: { members: { omitted: new Map([["cohort", "h"]]) } }, event: { kind: "applied" }, does: [`set omitted ${I / 2}`, "tick within 0"], becomes: { isOmittedPlanned: true } },
  { spec: "§2", faults: [33], what: "fetches that part when its delay has passed", state: { ...FOLLOWER, isOmittedPlanned: true }, event: time("omitted"), does: ["take-omitted"], becomes: { isOmittedPlanned: false } },
  { spec: "§2", faults: [33], what: "plans to fetch it again after I if its hash did not match", state: FOLLOWER, held: { members: { omitted: new Map([["cohort", "h"]]) } }, event: { kind: "omitted-taken" }, does: [`set omitted ${I}`] },
  // §3.3
  { spec: "§3.3", faults: [20], what: "reports a failed poll of the leader to a follower's clients", state: FOLLOWER, event: ticked({ outcome: "origin-error", status: 503, failures: 1 }), does: ["confirm", "note-error SORTITION_HTTP_STATUS", "report-failure in 20000"], becomes: { reportedFailure: "origin-error 1" } },
  { spec: "§3.3", faults: [20], what: "reports it only once", state: { ...FOLLOWER, reportedFailure: "origin-error 1" }, event: ticked({ outcome: "origin-error", status: 503, failures: 1 }), does: ["confirm"] },
  { spec: "§3.4", faults: [66], what: "reports the last poll of a fleet that ended before this leader started", state: LEADER, event: ticked({ ...LED, outcome: "origin-error", status: 503, failures: 1, settledAgeMs: 60_001 }), does: ["note-lease 7", "confirm", "note-error SORTITION_HTTP_STATUS", "report-failure in 20000"] },
  { spec: "§3.4", faults: [66], what: "leaves the report of a leader's own poll to its poller", state: LEADER, event: ticked({ ...LED, outcome: "origin-error", status: 503, failures: 1, settledAgeMs: 60_000 }), does: ["note-lease 7", "confirm"] },
  { spec: "§3.3", faults: [20], what: "reads the stored configuration first on a new worker", state: FOLLOWER, held: EMPTY, event: ticked({ outcome: "unauthorized", status: 401, failures: 1 }), does: ["read"], becomes: { reportedFailure: "" } },
  { spec: "§3.3", faults: [12, 21], what: "replaces directly fetched content with stored content whose attempt began later", state: FOLLOWER, held: FETCHED, event: ticked({ okAgeMs: 4_000 }), does: ["read"] },
  { spec: "§3.3", faults: [54], what: "takes the duration of the reply into account", state: FOLLOWER, held: { ...FETCHED, members: { lastReplyMs: 1_000 } }, event: ticked({ okAgeMs: 4_000 }), does: ["ask-leader"] },
  { spec: "§3.3", faults: [12], what: "asks the leader to poll if directly fetched content is newer", state: FOLLOWER, held: FETCHED, event: ticked(), does: ["ask-leader"] },
  { spec: "§3.3", faults: [12], what: "polls for the fleet if the leader's directly fetched content is newer", state: LEADER, held: FETCHED, event: ticked(LED), does: ["note-lease 7", "tick within 0", "set wish 0"], becomes: { isPollWished: true } },
  { spec: "§3.3", faults: [7], what: "replaces a copy from disk with the stored configuration", state: FOLLOWER, held: { sha: "b", revision: null }, event: ticked(), does: ["read"] },
  { spec: "§3.3", faults: [15], what: "adopts the revision of a stored configuration that equals directly fetched content", state: FOLLOWER, held: { ...FETCHED, sha: "a" }, event: ticked(), does: ["confirm"] },
  { spec: "§3.3", faults: [15], what: "adopts the first revision of a fleet", state: FOLLOWER, held: { ...FETCHED, sha: "a" }, event: ticked({ revision: 1 }), does: ["confirm"] },
  // Direct polls
  { spec: "§3.2.5", faults: [11], what: "polls directly when the delay has passed", state: { role: "direct", directReason: "redis-unusable" }, event: time("direct"), does: ["poll-directly"] },
  { spec: "§1 G8", faults: [11], what: "keeps direct polls at least I apart, even for different reasons", state: { ...FOLLOWER, lastDirectAtMs: NOW - 1_000 }, event: ticked({ outcome: "too-large" }), does: ["confirm", `set direct ${I - 1_000}`] },
  { spec: "§1 G8", faults: [11], what: "polls directly again after I and a jitter", state: { role: "direct", directReason: "redis-unusable" }, event: { kind: "direct-polled", failure: null }, does: [`set direct ${I * 1.05}`, `report-schedule in ${I * 1.05}`], becomes: { directFailures: 0 } },
  { spec: "§1 G8", faults: [21], what: "polls directly again after 2 I and a jitter after the second failure", state: { role: "direct", directReason: "redis-unusable", directFailures: 1 }, event: { kind: "direct-polled", failure: UNAVAILABLE }, does: [`report-failure in ${I * 2.1}`, `set direct ${I * 2.1}`], becomes: { directFailures: 2 } },
  { spec: "§1 G8", faults: [12], what: "stops direct polls if the fleet is back when one ends", state: FOLLOWER, event: { kind: "direct-polled", failure: null }, does: [] },
  // §3.4
  { spec: "§3.4", faults: [6], what: "ticks within 50 ms if a message reports that the lease is free", state: FOLLOWER, event: message("l"), does: ["tick within 25"] },
  { spec: "§3.4", faults: [6, 32], what: "closes the stream at the end", state: { ...LEADER, followed: "7" }, event: { kind: "stopped" }, does: ["unfollow"], becomes: { role: "stopped" } },
  { spec: "§3.4", faults: [32], what: "decides nothing after the end", state: { role: "stopped" }, event: ticked({ ...LED, mustPoll: true }), does: [] },
  // Messages
  { spec: "§2", faults: [8], what: "reads if a message announces a change", state: FOLLOWER, event: message("c 11"), does: ["count pushes", "read-pushed"], becomes: { lastPushed: 11 } },
  { spec: "§2", faults: [8], what: "ignores a late message", state: FOLLOWER, event: message("c 10"), does: [] },
  { spec: "§2", faults: [15], what: "ignores an unknown message", state: LEADER, event: message("nonsense"), does: [] },
  { spec: "§2", faults: [12], what: "polls if a follower sends a request to the leader", state: LEADER, event: message("r"), does: ["tick within 0"], becomes: { isPollWished: true } },
  { spec: "§2", faults: [1], what: "ignores such a request unless it leads", state: FOLLOWER, event: message("r"), does: [], becomes: { isPollWished: false } },
  // §3.6
  { spec: "§3.6", faults: [56, 61], what: "opens the stream and requests a poll when it becomes the leader", state: FOLLOWER, at: { hasStream: true }, event: ticked({ ...LED, settledAgeMs: 400 }), does: ["note-lease 7", "follow 7", "tick within 0", "count leaseAcquired", "info: became leader", "confirm", "set wish 600"], becomes: { followed: "7", isPollWished: true } },
  { spec: "§3.6", faults: [56], what: "treats a poll granted with the lease as the requested one", state: FOLLOWER, at: { hasStream: true }, event: ticked({ ...LED, mustPoll: true }), does: ["note-lease 7", "follow 7", "tick within 0", "count leaseAcquired", "info: became leader", "confirm", "lead 7 after 0"], becomes: { isPollWished: false } },
  { spec: "§3.6", faults: [56], what: "keeps the stream open under the same lease", state: { ...LEADER, followed: "7" }, at: { hasStream: true }, event: ticked(LED), does: ["note-lease 7", "confirm"] },
  { spec: "§3.6", faults: [59, 61, 62], what: "reopens the stream after another worker has led", state: { ...LEADER, followed: "6" }, at: { hasStream: true }, event: ticked(LED), does: ["note-lease 7", "follow 7", "tick within 0", "confirm", "set wish 0"], becomes: { followed: "7" } },
  { spec: "§3.6", faults: [61, 63], what: "closes the stream when the lease is lost", state: { ...LEADER, followed: "7" }, event: ticked(), does: ["unfollow", "count leaseLost", "warn: lease lost", "confirm"], becomes: { followed: null } },
  { spec: "§3.6", faults: [57], what: "delays the poll for news from the stream until a second after the last poll", state: { ...LEADER, isPollWished: true }, event: ticked({ ...LED, settledAgeMs: 300 }), does: ["note-lease 7", "confirm", "set wish 700"] },
  { spec: "§3.6", faults: [57], what: "polls again after a running poll if news arrived during it", state: { ...LEADER, isPollWished: true }, event: { kind: "polled", end: GOOD }, does: ["tick within 0"] },
  { spec: "§3.6", faults: [56], what: "requests a poll for news from the stream", state: LEADER, event: { kind: "wished" }, does: ["tick within 0"], becomes: { isPollWished: true } },
];

describe("next", () => {
  it.each(ROWS)("$spec: $what", ({ at, becomes, does, event, held, state }) => {
    const before: Decided = { ...new Decided(), ...state };
    const { actions, state: after } = next(before, event, inputOf(held, at));
    expect(toldOf(actions)).toEqual(does);
    expect(after).toMatchObject({ ...becomes });
  });

  it("changes neither the state nor the input", () => {
    for (const { at, event, held, state } of ROWS) {
      const before = Object.freeze({ ...new Decided(), ...state });
      const input = Object.freeze(inputOf(held, at));
      const content = JSON.stringify(input.held);
      expect(next(before, event, input)).toEqual(next(before, event, input));
      expect(JSON.stringify(input.held)).toBe(content);
    }
  });

  it("returns equal results for equal arguments an hour apart", () => {
    const calls = ROWS.map(({ at, event, held, state }) => {
      const decided = Object.freeze({ ...new Decided(), ...state });
      const input = Object.freeze(inputOf(held, at));
      return () => ({
        ...next(decided, event, input),
        want: wantOf(decided, input),
        isEligible: isEligible(decided, input),
        delayMs: tickDelayMs(decided, input),
      });
    });
    const first = calls.map((call) => call());
    try {
      laterMs = 3_600_000;
      expect(calls.map((call) => call())).toEqual(first);
    } finally {
      laterMs = 0;
    }
  });

  it("is tested for each fault of the specification that concerns decisions", () => {
    const spec = readFileSync(
      new URL("../../../../../docs/spec/redis.md", import.meta.url),
      "utf8",
    );
    const faults = Array.from(
      spec.slice(spec.indexOf("## 6. Faults")).matchAll(/^\| (\d+) \|/gm),
      (row) => Number(row[1]),
    );
    const tried = ROWS.flatMap((row) => row.faults);
    expect(faults.filter((fault) => !tried.includes(fault))).toEqual(
      Object.keys(ELSEWHERE).map(Number),
    );
  });
});

/** Faults of the specification that do not concern decisions, and their topics. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  18: "permissions of a user",
  28: "a client of the user",
  29: "key names",
  30: "sockets that do not keep the process alive",
  31: "timers that keep the process alive",
  35: "revisions, which scripts create",
  37: "dedupe",
  38: "sticky assignments",
  39: "outbox",
  40: "definitions",
  43: "outbox",
  44: "outbox",
  50: "exposures",
  51: "definitions",
  52: "error messages",
  53: "outbox",
  58: "an attempt that repeats its request",
  65: "ending the uses of a fleet",
  68: "outbox",
  69: "a planned switch",
  70: "servers that refuse writes",
};

describe("the request of a tick", () => {
  it.each([
    { what: "a poll that is due", state: {}, at: {}, want: WANT.pollIfDue },
    {
      what: "a poll now, if one was requested",
      state: { isPollWished: true },
      at: {},
      want: WANT.pollNow,
    },
    {
      what: "nothing while this process polls directly",
      state: { isPollWished: true },
      at: { poll: "direct" },
      want: WANT.nothing,
    },
    {
      what: "nothing while the leader is held off",
      state: { heldOffUntilMs: NOW + 1 },
      at: {},
      want: WANT.nothing,
    },
    {
      what: "a longer claim while a poll runs",
      state: { heldOffUntilMs: NOW + 1 },
      at: { poll: "leader" },
      want: WANT.renewClaim,
    },
  ] as const)("is $what", ({ at, state, want }) => {
    expect(wantOf({ ...new Decided(), ...state }, inputOf({}, at))).toBe(want);
  });

  it("is a poll now if the stored configuration needs a repair", () => {
    const at = inputOf({ members: { mustRepair: true } });
    expect(wantOf(new Decided(), at)).toBe(WANT.pollNow);
  });

  it("does not include the lease while the worker has declined it, or if it may not lead", () => {
    const eligible = (members: Partial<Decided>, may: boolean): boolean =>
      isEligible(
        { ...new Decided(), ...members },
        inputOf({}, { settings: { ...SETTINGS, isEligible: may } }),
      );
    expect([
      eligible({}, true),
      eligible({}, false),
      eligible({ declinedUntilMs: NOW + 1 }, true),
      eligible({ declinedUntilMs: NOW }, true),
      eligible({ declinedUntilMs: NOW + 1, isPollWished: true }, true),
    ]).toEqual([true, false, false, true, true]);
  });
});

describe("the delay until the next tick", () => {
  it.each([
    { what: "L/3 for a leader", state: LEADER, held: { lastTick: LED }, pauseMs: L / 3 },
    {
      what: "the remaining time of the gate, if shorter",
      state: LEADER,
      held: { lastTick: { ...LED, gateMs: 100 } },
      pauseMs: 101,
    },
    {
      what: "the remaining time that the leader is held off, if shorter",
      state: { ...LEADER, heldOffUntilMs: NOW + 50 },
      held: { lastTick: LED },
      pauseMs: 50,
    },
    {
      what: "T for a follower",
      state: FOLLOWER,
      held: { lastTick: { leaseMs: I } },
      pauseMs: 10_000,
    },
    {
      what: "one second for a worker that has had no configuration for ten",
      state: OUT,
      held: EMPTY,
      pauseMs: 1_000,
    },
    {
      what: "T in an outage, whatever the last tick returned",
      state: OUT,
      held: { lastTick: { leaseMs: 1 } },
      pauseMs: 10_000,
    },
  ])("is $what", ({ held, pauseMs, state }) => {
    expect(tickDelayMs({ ...new Decided(), ...state }, inputOf(held))).toBe(pauseMs);
  });
});

describe("isDirect", () => {
  it.each([
    { state: {}, direct: false },
    { state: { outageSinceMs: NOW }, direct: true },
    { state: { directReason: "overdue" }, direct: true },
  ] as const)("is $direct with $state", ({ direct, state }) => {
    expect(isDirect({ ...new Decided(), ...state })).toBe(direct);
  });
});
