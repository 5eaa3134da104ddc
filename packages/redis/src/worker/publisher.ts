import type { Content } from "../codec/content.js";
import { RedisError } from "../errors/redis-error.js";
import { redisError } from "../errors/reply-error.js";
import type { Publication, WriteReply } from "./protocol.js";
import { Publishing, type StoredParts, storableOf } from "./publication.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

export interface AttemptFacts {
  /** Lease number when the attempt started. */
  readonly n: string;
  readonly gateMs: number;
  attemptMs(): number;
}

/** How the end of a successful attempt was recorded. */
export type PublishResult =
  | { readonly kind: "fenced" }
  | { readonly kind: "failed"; readonly error: RedisError }
  | { readonly kind: "too-large" | "out-of-memory" }
  | {
      readonly kind: "same";
      readonly revision: number;
      readonly omitted: ReadonlyMap<string, string>;
    }
  | {
      readonly kind: "published";
      readonly revision: number;
      readonly omitted: ReadonlyMap<string, string>;
      readonly fence: string;
      readonly receivers: number;
      readonly sizeBytes: number;
    };

/** Maximum number of requests for further parts before the publish is abandoned. */
const MAX_BODIES = 3;

/** Writes contents to Redis after an attempt, or restores them after Redis has lost them. */
export class Publisher {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  #reportedOmissions = "";

  constructor(ports: WorkerPorts, state: WorkerState) {
    this.#ports = ports;
    this.#state = state;
  }

  /** Settles a successful attempt. Never rejects. */
  async publish(content: Content, { gateMs, attemptMs, n }: AttemptFacts): Promise<PublishResult> {
    const { origin, protocol, settings } = this.#ports;
    const storable = storableOf(content, origin.dialect, settings.maxPayloadBytes);
    this.#report(storable.tooLarge, storable.omitted);
    const publishing = this.#publishing(content, storable);
    const settle = (
      outcome: "ok" | "too-large" | "out-of-memory",
      publication: Publication,
    ): Promise<WriteReply> =>
      protocol.settle({
        n,
        sha: content.sha,
        known: this.#state.known,
        outcome,
        status: outcome === "ok" ? 200 : 0,
        failures: 0,
        gateMs,
        attemptMs: attemptMs(),
        isRepair: this.#state.mustRepair && outcome === "ok",
        publication,
      });
    const settleUnstored = async (why: "too-large" | "out-of-memory"): Promise<PublishResult> => {
      const { kind } = await settle(why, NOTHING);
      return { kind: kind === "fenced" ? kind : why };
    };
    try {
      if (storable.tooLarge !== null) return await settleUnstored("too-large");
      const first = await this.#firstCall(content, publishing);
      const write = (publication: Publication): Promise<WriteReply> => settle("ok", publication);
      const reply = await this.#write(publishing, first, write).catch(unlessFull);
      if (reply instanceof RedisError) {
        this.#state.noteRedisError(reply);
        return await settleUnstored("out-of-memory");
      }
      if (reply.kind === "fenced") return { kind: "fenced" };
      const { revision } = reply;
      const { omitted } = storable;
      if (reply.kind !== "published") return { kind: "same", revision, omitted };
      const { receivers } = reply;
      const { sizeBytes } = publishing;
      return { kind: "published", revision, omitted, fence: n, receivers, sizeBytes };
    } catch (cause) {
      return { kind: "failed", error: redisError(cause) };
    }
  }

  /** Restores the content of a revision. Never rejects. */
  async restore(content: Content, revision: number): Promise<void> {
    const { counters, diagnostics, protocol } = this.#ports;
    const state = this.#state;
    const { contentFence, omitted, storedSha } = state;
    // Omitted parts stay omitted, with the leader's hash, because this worker's copy may differ.
    const stored = content.payloads.filter(({ part }) => !omitted.has(part));
    const publishing = this.#publishing(content, { stored, omitted });
    try {
      const reply = await this.#write(publishing, publishing.question, (publication) =>
        protocol.restore({
          revision,
          sha: storedSha ?? content.sha,
          // Read for each call. Until Redis has it, it is as much older as the last reply took.
          okAgeMs: (state.ageMs ?? 0) + state.lastReplyMs,
          fence: contentFence,
          publication,
        }),
      );
      if (reply.kind !== "restored") return;
      counters.restores += 1;
      diagnostics.warn("configuration restored to redis", { revision });
    } catch (cause) {
      state.noteRedisError(redisError(cause));
    }
  }

  /** Usually one call is enough: a worker that has the stored revision only sends the changed parts. */
  async #firstCall(content: Content, publishing: Publishing): Promise<Publication> {
    const { content: held, lastTick, mustRepair, revision } = this.#state;
    const isStored = held !== null && revision !== null && revision === lastTick?.revision;
    if (mustRepair || !isStored || held.sha === content.sha) return publishing.question;
    const changed = [...publishing.hashes].filter(([name, hash]) => held.hashes.get(name) !== hash);
    return publishing.give(changed.map(([name]) => name));
  }

  async #write(
    publishing: Publishing,
    first: Publication,
    write: (publication: Publication) => Promise<WriteReply>,
  ): Promise<Exclude<WriteReply, { kind: "body" }>> {
    let publication = first;
    for (let bodies = 0; bodies <= MAX_BODIES; bodies++) {
      const reply = await write(publication);
      if (reply.kind !== "body") return reply;
      publication = await publishing.give(reply.names);
    }
    throw new RedisError(
      "SORTITION_REDIS_SCRIPTING",
      "the stored configuration keeps changing during the write",
    );
  }

  #publishing(content: Content, storable: StoredParts): Publishing {
    const { origin, settings } = this.#ports;
    const { dialect, scope } = origin;
    const { compressFromBytes } = settings;
    const publisher = { scope, dialect: dialect.name, compressFromBytes };
    return new Publishing(content, storable, publisher);
  }

  /** Reports each new set of parts that are too large once. */
  #report(tooLarge: string | null, omitted: ReadonlyMap<string, string>): void {
    const parts = tooLarge === null ? [...omitted.keys()] : [tooLarge];
    const now = parts.join();
    if (now !== this.#reportedOmissions && now !== "") {
      const code = "SORTITION_REDIS_PAYLOAD_TOO_LARGE";
      const { maxPayloadBytes } = this.#ports.settings;
      for (const part of parts) {
        this.#ports.diagnostics.warn("payload too large for redis", {
          code,
          part,
          maxPayloadBytes,
        });
      }
      this.#state.noteError(new RedisError(code, "a part exceeds the maximum stored size"));
    }
    this.#reportedOmissions = now;
  }
}

/** Returns an out-of-memory error of Redis, and throws any other. */
function unlessFull(cause: unknown): RedisError {
  const error = redisError(cause);
  if (error.code === "SORTITION_REDIS_OOM") return error;
  throw error;
}

const NOTHING: Publication = { hashes: new Map(), fields: [] };
