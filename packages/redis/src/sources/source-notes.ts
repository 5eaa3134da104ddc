import { type Clock, type Diagnostics, Timer } from "@sortition/core/internal";
import { pairsOf } from "../codec/reply-lists.js";
import type { Link } from "../connection/connection.js";
import { factsOf } from "../error-facts.js";
import { RedisError } from "../errors/redis-error.js";
import type { Namespace } from "../keys/keys.js";
import noteText from "../lua/sources-note.lua";
import { createScript, type Script } from "../scripts/script.js";
import type { LastError } from "../worker/worker-state.js";
import { GONE_MS, mixedSources, NOTE_EVERY_MS, notedSources } from "./noted-sources.js";

const NOTE: Script = createScript(noteText);
/** Keeps the sources of a stopped fleet, so that `readFleetStatus` finds its configuration. */
const FORGET_AFTER_MS = 7 * 86_400_000;

/** Returns the hash of a namespace with the times of its sources. */
export function sourcesKey(namespace: Namespace): string {
  return namespace.key("sources");
}

export interface SourceNotesParts {
  readonly link: Link;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly namespace: Namespace;
  readonly source: string;
}

/**
 * Notes in Redis that this process uses a namespace with its source, and finds out whether processes of another source do, too.
 */
export class SourceNotes {
  readonly #parts: SourceNotesParts;
  readonly #timer: Timer;
  #others: readonly string[] = [];
  #atMs = 0;
  #hasEnded = false;

  constructor(parts: SourceNotesParts) {
    this.#parts = parts;
    this.#timer = new Timer(parts.clock);
  }

  /** The error if processes of another source use the namespace, too; otherwise `null`. */
  get conflict(): LastError | null {
    if (this.#others.length === 0) return null;
    const { name } = this.#parts.namespace;
    const problem = `two sources have used the namespace ${name} for ten minutes. Give each environment its own namespace`;
    const { code, message } = new RedisError("SORTITION_REDIS_NAMESPACE_CONFLICT", problem);
    return { code, message, atMs: this.#atMs };
  }

  /** Notes the source now, if Redis can be reached, and then once a minute. */
  async note(): Promise<void> {
    const { diagnostics, link, namespace, source } = this.#parts;
    if (this.#hasEnded) return;
    this.#timer.set(NOTE_EVERY_MS, () => void this.note());
    if (!link.isReady) return;
    try {
      const args = [source, GONE_MS, FORGET_AFTER_MS];
      const [now, fields] = (await link.run(NOTE, [sourcesKey(namespace)], args)) as [
        unknown,
        readonly unknown[],
      ];
      this.#found(mixedSources(notedSources(pairsOf(fields)), Number(now)));
    } catch (error) {
      diagnostics.debug("source not noted", factsOf(error));
    }
  }

  end(): void {
    this.#hasEnded = true;
    this.#timer.cancel();
  }

  #found(mixed: readonly string[]): void {
    const { clock, diagnostics, namespace, source } = this.#parts;
    const others = mixed.includes(source) ? mixed.filter((it) => it !== source) : [];
    const isNew = others.length > 0 && this.#others.length === 0;
    const isOver = others.length === 0 && this.#others.length > 0;
    this.#others = others;
    if (isNew) this.#atMs = clock.now();
    const facts = { namespace: namespace.name, source, others };
    if (isNew) diagnostics.error("two sources use the namespace", facts);
    if (isOver) diagnostics.warn("only one source uses the namespace again", facts);
  }
}
