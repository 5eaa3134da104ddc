import type { Facts, Failure, SortitionError } from "@sortition/core/internal";
import type { RedisError } from "../errors/redis-error.js";
import type { Settings } from "../settings.js";
import type { Held } from "./held.js";
import type { ReadFailure } from "./reader.js";
import type { Tick } from "./replies.js";
import type { Role } from "./worker-state.js";

/** Why a worker polls by itself. */
export type DirectReason =
  | "redis-unusable"
  | "overdue"
  | "too-large"
  | "out-of-memory"
  | "namespace-conflict"
  | "payload-unusable"
  | "no-eligible-worker";

/** Facts that the decisions of one worker depend on, besides the configuration. Moments are of the monotonic clock. */
export class Decided {
  readonly role: Role = "starting";
  /** Number of the lease under which the origin's stream is followed; `null`: it is not. */
  readonly followed: string | null = null;
  /** Before this moment this worker does not take the lease. */
  readonly declinedUntilMs: number = 0;
  /** The namespace belongs to another origin: nothing is read or written there. */
  readonly hasConflict: boolean = false;
  /** Scripts are refused, plain reads work. */
  readonly isPlain: boolean = false;
  /** Since when Redis cannot be used; `null`: it can. */
  readonly outageSinceMs: number | null = null;
  /** The outage has lasted longer than `directAfterMs`, in time in which the event loop ran. */
  readonly isOutageLong: boolean = false;
  /** A connection, or an attempt to make one, has failed. */
  readonly hasFailed: boolean = false;
  /** The reported reason why Redis is of no use: no answer, no memory, or a configuration that cannot be read. */
  readonly unusable: { readonly cause: UnusableCause; readonly sinceMs: number } | null = null;
  /** A poll of the fleet was asked for, and has not begun. */
  readonly isPollWished: boolean = false;
  /** A granted poll that waits for a restore: its answer would otherwise be published under a new revision. */
  readonly waitingPoll: Lead | null = null;
  /** Before this moment the leader does not poll again; Redis does not know of it. */
  readonly heldOffUntilMs: number = 0;
  /** Failed attempts for the fleet in a row. */
  readonly failedAttempts: number = 0;
  /** Good attempts in a row whose end Redis did not record. */
  readonly failedRecords: number = 0;
  readonly directReason: DirectReason | null = null;
  readonly directFailures: number = 0;
  readonly lastDirectAtMs: number | null = null;
  /** Since when no worker leads; `null`: one does. */
  readonly leaderlessSinceMs: number | null = null;
  readonly isLeaderlessReported: boolean = false;
  readonly isOverdueReported: boolean = false;
  /** The last outcome of the fleet's polls that the clients know of. */
  readonly reportedFailure: string = "";
  readonly isVerifying: boolean = false;
  readonly verifiedAtMs: number = Number.NEGATIVE_INFINITY;
  /** A message said that what is stored is damaged. */
  readonly isDamageHinted: boolean = false;
  /** The report of damage that was looked into last. */
  readonly verifiedReport: string = "";
  /** The last revision that a message has named. */
  readonly lastPushed: number = 0;
  readonly isRestoring: boolean = false;
  readonly isRestorePlanned: boolean = false;
  readonly isOmittedPlanned: boolean = false;
}

export type UnusableCause = "outage" | "reads" | "memory";

/** A poll for the fleet. */
export interface Lead {
  /** Number of the lease at this moment: if it is another one when the poll has ended, the poll does not count. */
  readonly n: string;
  /** Failures of the fleet in a row before this poll. */
  readonly failures: number;
  /** Those among them that were this worker's. */
  readonly ownFailures: number;
}

/** What a decision may read besides the state: time, chance, settings, and what the clients have. */
export interface DecisionInput {
  /** By the monotonic clock. */
  readonly nowMs: number;
  /** By the wall clock. */
  readonly epochMs: number;
  /** One draw in [0, 1). */
  readonly draw: number;
  readonly uptimeMs: number;
  readonly settings: Settings;
  /** Where Redis is, for messages. */
  readonly place: string;
  readonly scope: string;
  /** Whether the origin has a stream. */
  readonly hasStream: boolean;
  /** What the clients have. */
  readonly held: Held;
  /** The poll that runs. */
  readonly poll: "leader" | "direct" | null;
  readonly readFailure: ReadFailure | null;
  /** Whether changes are pushed. */
  readonly isSubscribed: boolean;
}

export type TimerName = "outage" | "wish" | "direct" | "restore" | "omitted";

export type WorkerEvent =
  /** Redis has answered. `isPlain`: by plain reads, since it refuses the script. */
  | { readonly kind: "ticked"; readonly tick: Tick; readonly isPlain: boolean }
  | { readonly kind: "tick-failed"; readonly error: RedisError }
  | { readonly kind: "started" }
  | { readonly kind: "disconnected"; readonly error: RedisError }
  /** A message of another worker. A wrong, lost or repeated one does no harm. */
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "time"; readonly timer: TimerName }
  /** A poll of the fleet is wanted; or no longer, since another worker was asked for it. */
  | { readonly kind: "wished" | "unwished" }
  /** A read has been answered, and perhaps swapped in, or was of no use. */
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
  /** `null`: the attempt says nothing about the origin, or was none for the fleet. */
  readonly isGood: boolean | null;
  /** Another worker shall lead: it may have a way to the origin that this one lacks. */
  readonly handsOver: boolean;
  /** Whether Redis has its outcome; `null`: there was none to record, or nobody knows. */
  readonly isRecorded: boolean | null;
  /** How long the leader waits by itself, because Redis does not know of the poll. */
  readonly holdOffMs: number;
  /** A tick is due at once: the poll was fenced, or held up one for the fleet. */
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
  /** The clients have what is stored: it has this revision and age. */
  | { readonly do: "confirm"; readonly tick: Tick }
  | { readonly do: "report-failure"; readonly failure: Failure; readonly inMs: number }
  | { readonly do: "report-schedule"; readonly inMs: number }
  | { readonly do: "lead"; readonly lead: Lead }
  | { readonly do: "poll-directly" };

/** A function for each kind of a union. */
export type Handlers<Union, Tag extends keyof Union> = {
  readonly [Kind in Union[Tag] & string]: (item: Extract<Union, Record<Tag, Kind>>) => void;
};
