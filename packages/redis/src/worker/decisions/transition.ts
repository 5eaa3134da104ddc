import type { Facts, Failure, SortitionError } from "@sortition/core/internal";
import type { RedisError } from "../../errors/redis-error.js";
import type { Settings } from "../../settings.js";
import type { Held } from "../held.js";
import type { ReadFailure } from "../reader.js";
import type { Tick } from "../replies.js";
import type { Role } from "../worker-state.js";

/** Why a worker polls by itself. */
export type DirectReason =
  | "redis-unusable"
  | "overdue"
  | "too-large"
  | "out-of-memory"
  | "namespace-conflict"
  | "payload-unusable"
  | "no-eligible-worker";

/** State that one worker's decisions depend on, apart from the configuration. Times are monotonic. */
export class Decided {
  readonly role: Role = "starting";
  /** Number of the lease under which this worker follows the origin's stream. `null`: it does not. */
  readonly followed: string | null = null;
  /** This worker does not take the lease before this time. */
  readonly declinedUntilMs: number = 0;
  /** The namespace belongs to another origin, so nothing is read or written. */
  readonly hasConflict: boolean = false;
  /** Scripts are refused, but plain reads work. */
  readonly isPlain: boolean = false;
  /** When Redis became unusable. `null`: it is usable. */
  readonly outageSinceMs: number | null = null;
  /** The outage has lasted longer than `directAfterMs`. Only time in which the event loop ran counts. */
  readonly isOutageLong: boolean = false;
  /** A connection or a connection attempt has failed. */
  readonly hasFailed: boolean = false;
  /** The reported reason why Redis is unusable: no response, no memory, or an unreadable configuration. */
  readonly unusable: { readonly cause: UnusableCause; readonly sinceMs: number } | null = null;
  /** A poll for the fleet was requested and has not started. */
  readonly isPollWished: boolean = false;
  /** A granted poll that waits for a restore. Otherwise its result would be published under a new revision. */
  readonly waitingPoll: Lead | null = null;
  /** The leader does not poll again before this time, which is not stored in Redis. */
  readonly heldOffUntilMs: number = 0;
  /** Consecutive failed attempts for the fleet. */
  readonly failedAttempts: number = 0;
  /** Consecutive successful attempts that could not be recorded in Redis. */
  readonly failedRecords: number = 0;
  readonly directReason: DirectReason | null = null;
  readonly directFailures: number = 0;
  readonly lastDirectAtMs: number | null = null;
  /** When the fleet lost its leader. `null`: it has one. */
  readonly leaderlessSinceMs: number | null = null;
  readonly isLeaderlessReported: boolean = false;
  readonly isOverdueReported: boolean = false;
  /** The last failure of the fleet's polls that was reported to the clients. */
  readonly reportedFailure: string = "";
  readonly isVerifying: boolean = false;
  readonly verifiedAtMs: number = Number.NEGATIVE_INFINITY;
  /** A message reported that the stored configuration is damaged, and it was not verified since. */
  readonly isDamageHinted: boolean = false;
  /** The last damage report in Redis in response to which this worker verified the stored configuration. */
  readonly verifiedReport: string = "";
  /** The last revision announced by a message. */
  readonly lastPushed: number = 0;
  readonly isRestoring: boolean = false;
  readonly isRestorePlanned: boolean = false;
  readonly isOmittedPlanned: boolean = false;
}

export type UnusableCause = "outage" | "reads" | "memory";

/** A poll for the fleet. */
export interface Lead {
  /** Lease number when the poll started. If it has changed when the poll ends, the result is discarded. */
  readonly n: string;
  /** The fleet's consecutive failures before this poll. */
  readonly failures: number;
  /** How many of those failures were this worker's. */
  readonly ownFailures: number;
}

/** Inputs of a decision apart from the state. */
export interface DecisionInput {
  /** Monotonic clock. */
  readonly nowMs: number;
  /** Wall clock. */
  readonly epochMs: number;
  /** A random number in [0, 1). */
  readonly draw: number;
  readonly uptimeMs: number;
  readonly settings: Settings;
  /** Address of Redis, for messages. */
  readonly place: string;
  readonly scope: string;
  /** Whether the origin has a stream. */
  readonly hasStream: boolean;
  readonly held: Held;
  /** The running poll. */
  readonly poll: "leader" | "direct" | null;
  readonly readFailure: ReadFailure | null;
  /** Whether changes are pushed. */
  readonly isSubscribed: boolean;
}

export type TimerName = "outage" | "wish" | "direct" | "restore" | "omitted";

export type WorkerEvent =
  /** Redis has responded. `isPlain`: only to plain reads, because it refuses scripts. */
  | { readonly kind: "ticked"; readonly tick: Tick; readonly isPlain: boolean }
  | { readonly kind: "tick-failed"; readonly error: RedisError }
  | { readonly kind: "started" }
  | { readonly kind: "disconnected"; readonly error: RedisError }
  /** A message from another worker. Wrong, lost and repeated messages do no harm. */
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "time"; readonly timer: TimerName }
  /** A poll for the fleet is needed, or no longer needed because another worker was asked to poll. */
  | { readonly kind: "wished" | "unwished" }
  /** A read returned a configuration (`read`), which was swapped in (`applied`) or is unusable (`unreadable`). */
  | { readonly kind: "read" | "applied" | "unreadable" }
  | { readonly kind: "polled"; readonly end: PollEnd }
  | { readonly kind: "direct-poll-begun" }
  | { readonly kind: "direct-polled"; readonly failure: Failure | null }
  | { readonly kind: "omitted-taken" }
  | { readonly kind: "restored" }
  | { readonly kind: "released"; readonly wasHeld: boolean }
  | { readonly kind: "verified"; readonly isGood: boolean | null }
  | { readonly kind: "stopped" };

/** How a poll ended. */
export interface PollEnd {
  /** `null`: the attempt shows nothing about the origin, or was not for the fleet. */
  readonly isGood: boolean | null;
  /** Another worker should lead, because it may be able to reach the origin. */
  readonly handsOver: boolean;
  /** Whether Redis recorded the outcome. `null`: there was nothing to record, or it is unknown. */
  readonly isRecorded: boolean | null;
  /** How long the leader waits although Redis does not know about the poll. */
  readonly holdOffMs: number;
  /** A tick is due immediately, because the poll was fenced or delayed a poll for the fleet. */
  readonly isDue: boolean;
}

export type Action =
  | { readonly do: "note-tick"; readonly tick: Tick }
  | { readonly do: "note-lease"; readonly n: string }
  | { readonly do: "note-error"; readonly error: SortitionError }
  | { readonly do: "note-redis-error"; readonly error: RedisError }
  | { readonly do: "note-damage" | "forget-read-failure" }
  | {
      readonly do: "count";
      readonly what: "pushes" | "missedPushes" | "leaseAcquired" | "leaseLost";
    }
  | {
      readonly do: "say";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly facts?: Facts;
    }
  | { readonly do: "tick"; readonly withinMs: number }
  | { readonly do: "set-timer"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly do: "cancel-timer"; readonly timer: TimerName }
  | { readonly do: "follow"; readonly n: string }
  | { readonly do: "unfollow" | "release" | "verify" | "restore" | "take-omitted" }
  | { readonly do: "read" | "read-pushed" | "ask-leader" }
  /** Looks for the primary on a new connection. */
  | { readonly do: "leave" }
  /** The clients have the stored configuration, with this tick's revision and age. */
  | { readonly do: "confirm"; readonly tick: Tick }
  | { readonly do: "report-failure"; readonly failure: Failure; readonly inMs: number }
  | { readonly do: "report-schedule"; readonly inMs: number }
  | { readonly do: "lead"; readonly lead: Lead }
  | { readonly do: "poll-directly" };

/** A handler for each kind of a union. */
export type Handlers<Union, Tag extends keyof Union> = {
  readonly [Kind in Union[Tag] & string]: (item: Extract<Union, Record<Tag, Kind>>) => void;
};
