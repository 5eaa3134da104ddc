import { listOf } from "../codec/reply-lists.js";
import { BODY_TIMEOUTS, type Command } from "../connection/connection.js";
import { isTimeout } from "../errors/redis-error.js";
import type { BlockingConnection, FleetServices } from "../fleet-services.js";
import appendText from "../lua/outbox-append.lua";
import callText from "../lua/outbox-call.lua";
import claimText from "../lua/outbox-claim.lua";
import countText from "../lua/outbox-count.lua";
import deadText from "../lua/outbox-dead.lua";
import finishText from "../lua/outbox-finish.lua";
import heldText from "../lua/outbox-held.lua";
import leaveText from "../lua/outbox-leave.lua";
import refuseText from "../lua/outbox-refuse.lua";
import { createScript, type Script } from "../scripts/script.js";
import { type Entry, entryOf, type StoredExposure, sizeOf } from "./entry.js";
import { GROUP, type OutboxKeys, REFUSED } from "./keys.js";
import type { OutboxSettings } from "./options.js";

const APPEND: Script = createScript(callText, appendText);
const CLAIM: Script = createScript(claimText);
const COUNT: Script = createScript(countText);
const DEAD: Script = createScript(callText, deadText);
const FINISH: Script = createScript(callText, finishText);
const HELD: Script = createScript(heldText);
const LEAVE: Script = createScript(leaveText);
const REFUSE: Script = createScript(refuseText);

/** Maximum number of entries that a consumer receives at a time. */
export const BATCH_SIZE = 100;
const MAX_DEAD = 1_000;
/** Maximum number of deliveries that one call takes back. */
const FORGIVEN_SIZE = 500;
/** Maximum number of entries that a consumer leaves to others when it ends. */
const LEFT_SIZE = 1_000;
/** Time after which an inactive consumer without entries is removed. */
const FORGET_AFTER_MS = 3_600_000;

/** Above this size, a call may take longer than a plain command. */
const BODY_FROM_BYTES = 16_384;

/** Identifies a call that Redis executes once: a name of its caller, and an increasing number. */
export interface NumberedCall {
  readonly caller: string;
  readonly number: number;
}

/** Result of a claim. */
export interface Claimed {
  readonly entryIds: readonly string[];
  /** Claimed entries that a logger refused while it accepted others. */
  readonly refused: readonly string[];
  /** Claimed entries that were delivered too often. They are not in `entryIds`. */
  readonly worn: readonly Entry[];
  /** Whether more entries can be claimed immediately. */
  readonly hasMore: boolean;
}

/** A page of entries that a consumer has not finished. */
export interface HeldPage {
  readonly entries: readonly Entry[];
  /** Whether this is the last page. */
  readonly isLast: boolean;
}

/** Commands of one outbox, for this process. */
export class OutboxStream {
  readonly #services: FleetServices;
  readonly #keys: OutboxKeys;
  readonly #settings: OutboxSettings;
  #blocking: BlockingConnection | undefined;
  #cursor = "0-0";
  /**
   * Maximum number of entries of a reply. Smaller after a timeout, because entries may be large.
   */
  #pageSize = BATCH_SIZE;

  constructor(services: FleetServices, keys: OutboxKeys, settings: OutboxSettings) {
    this.#services = services;
    this.#keys = keys;
    this.#settings = settings;
  }

  /** Resolves when the running attempt to connect has ended. */
  settled(): Promise<void> {
    return this.#services.link.settled();
  }

  /**
   * Appends as many of the exposures as there is room for, in order, and returns their number. A
   * repeated call returns the number of its first execution.
   *
   * @param onSent - called when the call is sent.
   */
  async append(
    { caller, number }: NumberedCall,
    exposures: readonly StoredExposure[],
    onSent = (): void => {},
  ): Promise<number> {
    const { stream, counts, call, registry } = this.#keys;
    const { maxEntries, name } = this.#settings;
    const args = exposures.flatMap(({ id, kind, event }) => [id, kind, event]);
    const bytes = exposures.reduce((sum, exposure) => sum + sizeOf(exposure), 0);
    if (this.#services.link.isReady) onSent();
    const reply = await this.#services.link.run(
      APPEND,
      [stream, counts, call(caller), registry],
      [maxEntries, number, name, ...args],
      bytes > BODY_FROM_BYTES ? this.#bodyTimeoutMs : undefined,
    );
    return Number(listOf(reply)[0]);
  }

  /** Waits for new entries, for at most `waitMs`. 0: does not wait. */
  read(count: number, waitMs: number): Promise<readonly Entry[]> {
    return this.#page((size) => this.#read(Math.min(count, size), waitMs));
  }

  async #read(count: number, waitMs: number): Promise<readonly Entry[]> {
    this.#blocking ??= this.#services.openBlocking();
    const command: Command = [
      ...(["XREADGROUP", "GROUP", GROUP, this.#services.token, "COUNT", count] as const),
      ...(waitMs > 0 ? ["BLOCK", waitMs] : []),
      ...["STREAMS", this.#keys.stream, ">"],
    ];
    const reply = listOf(await this.#blocking.call(command, waitMs));
    // A list of streams. With RESP3, it is a map, which ioredis flattens.
    const [, entries] = Array.isArray(reply[0]) ? reply[0] : reply;
    return listOf(entries).map((entry) => {
      const [id, fields] = listOf(entry);
      return entryOf(id, 1, fields);
    });
  }

  /**
   * Claims entries that other consumers have left, which `held` then reads. Creates the group if it
   * is missing.
   */
  async claim(): Promise<Claimed> {
    const { minIdleMs, maxDeliveries } = this.#settings;
    await this.#services.link.settled();
    const reply = await this.#services.link.run(
      CLAIM,
      [this.#keys.stream],
      [
        ...[GROUP, this.#services.token, minIdleMs, this.#cursor, BATCH_SIZE],
        ...[maxDeliveries, FORGET_AFTER_MS, REFUSED],
      ],
      this.#bodyTimeoutMs,
    );
    const [cursor, entryIds, refused, worn] = listOf(reply);
    this.#cursor = String(cursor);
    return {
      entryIds: listOf(entryIds).map(String),
      refused: listOf(refused).map(String),
      worn: listOf(worn).map((entry) => entryOf(listOf(entry)[0], 0, listOf(entry)[1])),
      hasMore: this.#cursor !== "0-0",
    };
  }

  /**
   * Reads a page of the entries that this consumer has not finished.
   *
   * @param after - last entry of the previous page. `null`: from the beginning.
   */
  held(after: string | null): Promise<HeldPage> {
    const from = after === null ? "-" : `(${after}`;
    return this.#page(async (size) => {
      const args = [GROUP, this.#services.token, from, size];
      const { stream } = this.#keys;
      const reply = await this.#services.link.run(HELD, [stream], args, this.#bodyTimeoutMs);
      const entries = entriesOf(reply);
      return { entries, isLast: entries.length < size };
    });
  }

  /** Number of exposures in the stream, delivered ones excluded. */
  async length(): Promise<number> {
    const [[error, reply] = [null, 0]] = await this.#services.link.pipeline([
      ["XLEN", this.#keys.stream],
    ]);
    if (error !== null) throw error;
    return Number(reply);
  }

  /** Removes delivered entries, and returns how many of them still existed. A repeated call returns the same number. */
  async finish({ caller, number }: NumberedCall, entryIds: readonly string[]): Promise<number> {
    const { stream, counts, call } = this.#keys;
    const keys = [stream, counts, call(caller)];
    return Number(await this.#services.link.run(FINISH, keys, [GROUP, number, ...entryIds]));
  }

  /** Counts a delivery of each entry before it begins. Returns the entries that no other consumer has claimed. */
  async begin(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const args = [GROUP, this.#services.token, 1, ...entries.map(({ entryId }) => entryId)];
    const reply = await this.#services.link.run(COUNT, [this.#keys.stream], args);
    const own = new Set(listOf(reply).map(String));
    return entries.filter(({ entryId }) => own.has(entryId));
  }

  /** Takes back one delivery for each occurrence of an entry. */
  async forgive(entryIds: readonly string[]): Promise<void> {
    for (let i = 0; i < entryIds.length; i += FORGIVEN_SIZE) {
      const args = [GROUP, this.#services.token, -1, ...entryIds.slice(i, i + FORGIVEN_SIZE)];
      await this.#services.link.run(COUNT, [this.#keys.stream], args);
    }
  }

  /** Sets entries aside that the logger refused while it accepted others. */
  async refuse(entryIds: readonly string[]): Promise<void> {
    const args = [GROUP, this.#services.token, REFUSED, ...entryIds];
    await this.#services.link.run(REFUSE, [this.#keys.stream], args);
  }

  /** Moves entries of this consumer to the dead stream, and returns their number. A repeated call returns the same number. */
  async bury({ caller, number }: NumberedCall, entryIds: readonly string[]): Promise<number> {
    const { stream, dead, counts, call } = this.#keys;
    const args = [GROUP, this.#services.token, number, MAX_DEAD, ...entryIds];
    return Number(await this.#services.link.run(DEAD, [stream, dead, counts, call(caller)], args));
  }

  /** Removes this consumer if it has finished everything. Otherwise, other consumers may claim the rest at once. */
  async leave(): Promise<void> {
    const { minIdleMs } = this.#settings;
    const args = [GROUP, this.#services.token, minIdleMs, LEFT_SIZE];
    await this.#services.link.run(LEAVE, [this.#keys.stream], args);
  }

  get #bodyTimeoutMs(): number {
    return BODY_TIMEOUTS * this.#services.settings.commandTimeoutMs;
  }

  async #page<Page>(load: (size: number) => Promise<Page>): Promise<Page> {
    try {
      const page = await load(this.#pageSize);
      this.#pageSize = Math.min(BATCH_SIZE, this.#pageSize + 1);
      return page;
    } catch (error) {
      if (isTimeout(error)) this.#pageSize = Math.ceil(this.#pageSize / 2);
      throw error;
    }
  }

  /** Closes the waiting connection, if there is one. */
  interrupt(): void {
    this.#blocking?.close();
    this.#blocking = undefined;
  }
}

function entriesOf(reply: unknown): readonly Entry[] {
  return listOf(reply).map((entry) => {
    const [id, deliveries, fields] = listOf(entry);
    return entryOf(id, deliveries, fields);
  });
}
