import { decodeHashes, decodeName, encodeName } from "../codec/part-names.js";
import { BODY_TIMEOUTS, type Link } from "../connection/connection.js";
import { RedisError } from "../errors/redis-error.js";
import type { Keys } from "../keys/keys.js";
import type { Script, ScriptValue } from "../scripts/script.js";
import { READ, RELEASE, REPORT, RESTORE, SETTLE, TICK } from "../scripts/shared-source.js";
import type { Timings } from "../settings.js";
import {
  ageOf,
  fieldsOf,
  type LastPoll,
  lastPollOf,
  listOf,
  type Stored,
  storedPartOf,
  type Tick,
  textOf,
  workerOf,
} from "./replies.js";

/** Version of the stored format. */
export const FORMAT = "1";

/** What a tick may request. */
export const WANT = { nothing: 0, pollIfDue: 1, pollNow: 2, renewClaim: 3 } as const;

export type Want = (typeof WANT)[keyof typeof WANT];

/** Head and parts of a publish as fields and values, see `store.lua`. */
export interface Publication {
  /** Hashes of the parts to store. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly fields: readonly ScriptValue[];
}

/** Facts about a finished poll. */
export interface Settlement extends LastPoll {
  /** Lease number when the poll started. */
  readonly n: string;
  readonly sha: string;
  readonly known: number;
  /** Pause until the next poll. */
  readonly gateMs: number;
  /** Whether the pause only applies to this worker, so that a new leader polls immediately. Default: false. */
  readonly isGateOwn?: boolean;
  /** Duration of the attempt. */
  readonly attemptMs: number;
  readonly isRepair: boolean;
  readonly publication: Publication;
}

/** Facts about a configuration that Redis has lost. */
export interface Restoration {
  readonly revision: number;
  readonly sha: string;
  readonly okAgeMs: number;
  readonly fence: string;
  readonly publication: Publication;
}

/** Reply to a settle or a restore. */
export type WriteReply =
  | { readonly kind: "fenced" | "same" | "newer"; readonly revision: number }
  | {
      readonly kind: "published" | "restored";
      readonly revision: number;
      readonly receivers: number;
    }
  /** Names of the parts that the next call must send. */
  | { readonly kind: "body"; readonly names: readonly string[] };

/** Identity of the calling worker. */
export interface Caller extends Pick<Timings, "leaseMs" | "claimMs" | "commandTimeoutMs"> {
  /** `<worker>.<random>`, new for each run. */
  readonly token: string;
  readonly scope: string;
}

/** The scripts of the shared configuration, with typed arguments and replies. */
export class Protocol {
  constructor(
    readonly link: Link,
    readonly keys: Keys,
    readonly caller: Caller,
  ) {}

  async tick(asked: {
    readonly isEligible: boolean;
    readonly known: number;
    /** Fence of the worker's content. */
    readonly contentFence: string;
    readonly want: Want;
  }): Promise<Tick> {
    const { claimMs, leaseMs, scope, token } = this.caller;
    const { config, fence, gate, lease, poll } = this.keys;
    const { contentFence, known, want } = asked;
    const isEligible = asked.isEligible ? 1 : 0;
    const reply = await this.link.run(
      TICK,
      [lease, fence, gate, config, poll],
      [token, leaseMs, claimMs, isEligible, known, want, scope, contentFence],
    );
    const at = listOf(reply);
    return {
      isHeld: at(0) === "1",
      n: at(1),
      mustPoll: at(2) === "1",
      gateMs: Number(at(3)),
      leaseMs: Number(at(4)),
      revision: Number(at(5)),
      sha: at(6),
      overdueMs: Number(at(7)) === -999_999_999 ? null : Number(at(7)),
      okAgeMs: ageOf(at(8)),
      ...lastPollOf(at(9), at(10), at(11)),
      scope: at(12),
      leader: workerOf(at(13)),
      settledAgeMs: ageOf(at(14)),
      damage: at(15),
    };
  }

  /**
   * Returns the same reply as {@link tick} by plain reads, for users without permission to run scripts and for
   * read-only servers.
   */
  async peek(): Promise<Tick> {
    const { config, lease, poll } = this.keys;
    const { link } = this;
    const [head, facts, time, holder] = await Promise.all([
      link.command("hmget", config, "rev", "sha", "scope"),
      link.command("hmget", poll, "due", "okAt", "outcome", "status", "failures", "at"),
      link.command("time"),
      link.command("get", lease),
    ]);
    const [at, fact, clock] = [listOf(head), listOf(facts), listOf(time)];
    const nowMs = Number(clock(0)) * 1_000 + Number(clock(1)) / 1_000;
    const since = (value: string, leastMs = Number.NEGATIVE_INFINITY): number | null =>
      value === "" ? null : Math.max(leastMs, nowMs - Number(value));
    return {
      isHeld: false,
      n: "0",
      mustPoll: false,
      gateMs: -1,
      leaseMs: -1,
      revision: Number(at(0)),
      sha: at(1),
      overdueMs: since(fact(0)),
      okAgeMs: since(fact(1), 0),
      ...lastPollOf(fact(2), fact(3), fact(4)),
      scope: at(2),
      leader: workerOf(textOf(holder)),
      settledAgeMs: since(fact(5), 0),
      damage: "",
    };
  }

  async settle(settlement: Settlement): Promise<WriteReply> {
    const { config, fence, gate, lease, poll, changed } = this.keys;
    const { publication } = settlement;
    return this.#write(SETTLE, [lease, fence, gate, config, poll], publication, [
      settlement.n,
      this.caller.token,
      settlement.sha,
      settlement.known,
      settlement.outcome,
      Math.max(1, Math.round(settlement.gateMs)),
      changed,
      settlement.status,
      settlement.failures,
      Math.max(0, Math.round(settlement.attemptMs)),
      settlement.isRepair ? 1 : 0,
      settlement.isGateOwn ? 1 : 0,
    ]);
  }

  async restore(restoration: Restoration): Promise<WriteReply> {
    const { changed, config, poll } = this.keys;
    const { fence, okAgeMs, publication, revision, sha } = restoration;
    const values = [revision, sha, changed, Math.max(0, Math.round(okAgeMs)), fence];
    return this.#write(RESTORE, [config, poll], publication, values);
  }

  /**
   * Reads the configuration.
   *
   * @param held - hashes of the parts that Redis need not send.
   * @param isPlain - reads without a script, for users who may not run one.
   */
  async read(held: ReadonlyMap<string, string>, isPlain: boolean): Promise<Stored | null> {
    const { config, poll } = this.keys;
    if (isPlain) return this.#readPlainly();
    const values = Array.from(held, ([name, hash]) => [encodeName(name), hash]).flat();
    const timeoutMs = BODY_TIMEOUTS * this.caller.commandTimeoutMs;
    const reply = await this.link.run(READ, [config, poll], values, timeoutMs);
    const at = listOf(reply);
    if (at(0) === "0" || !Array.isArray(reply)) return null;
    return {
      revision: Number(at(0)),
      sha: at(1),
      scope: at(2),
      format: at(4),
      okAgeMs: ageOf(at(5)),
      omitted: decodeHashes(at(7)),
      fence: at(8),
      parts: reply.slice(9).map(storedPartOf),
    };
  }

  /** Releases the lease. Returns whether it was held. */
  async release(): Promise<boolean> {
    const { changed, lease } = this.keys;
    const reply = await this.link.run(RELEASE, [lease], [this.caller.token, changed]);
    return textOf(reply) === "1";
  }

  /** Reports to the leader that this revision of the configuration is damaged. */
  async reportDamage(revision: number): Promise<void> {
    const { changed, config, poll } = this.keys;
    try {
      await this.link.run(REPORT, [config, poll], [revision, changed]);
    } catch {
      // A user without write permission may still be allowed to publish messages.
      await this.hint(`x ${revision}`);
    }
  }

  /** Sends a hint to all workers. */
  async hint(text: string): Promise<void> {
    await this.link.command("publish", this.keys.changed, text);
  }

  async #readPlainly(): Promise<Stored | null> {
    const { config } = this.keys;
    const [reply, peeked] = await Promise.all([this.link.command("hgetall", config), this.peek()]);
    const fields = fieldsOf(reply);
    const text = (name: string): string => textOf(fields.get(name));
    if (text("rev") === "") return null;
    return {
      revision: Number(text("rev")),
      sha: text("sha"),
      scope: text("scope"),
      format: text("fmt"),
      okAgeMs: peeked.okAgeMs,
      omitted: decodeHashes(text("omitted")),
      fence: text("fence"),
      parts: text("parts")
        .split(",")
        .filter((name) => name !== "")
        .map((name) =>
          storedPartOf([
            name,
            ...["sha", "etag", "size", "fetched", "enc", "part", "stream"].map((kind) =>
              fields.get(`${kind}:${name}`),
            ),
          ]),
        ),
    };
  }

  async #write(
    script: Script,
    keys: readonly string[],
    { fields, hashes }: Publication,
    values: readonly ScriptValue[],
  ): Promise<WriteReply> {
    const pairs = Array.from(hashes, ([name, hash]) => [encodeName(name), hash]).flat();
    const { commandTimeoutMs } = this.caller;
    const timeoutMs = fields.length === 0 ? commandTimeoutMs : BODY_TIMEOUTS * commandTimeoutMs;
    const all = [...values, hashes.size, ...pairs, ...fields];
    const reply = await this.link.run(script, keys, all, timeoutMs);
    const at = listOf(reply);
    const kind = at(0);
    const revision = Number(at(1));
    switch (kind) {
      case "fenced":
      case "same":
      case "newer":
        return { kind, revision };
      case "published":
      case "restored":
        return { kind, revision, receivers: Number(at(2)) };
      case "body": {
        const names: unknown = Array.isArray(reply) ? reply[2] : [];
        return {
          kind,
          names: Array.isArray(names) ? names.map((it) => decodeName(textOf(it))) : [],
        };
      }
      default:
        throw new RedisError("SORTITION_REDIS_SCRIPTING", "redis sent an unknown reply");
    }
  }
}
