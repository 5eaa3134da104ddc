import { createHash } from "node:crypto";
import { within } from "@sortition/core/internal";
import { pairsOf } from "../codec/reply-lists.js";
import type { Command, CommandOutcome } from "../connection/connection.js";
import type { FleetServices } from "../fleet-services.js";
import { OutageReports } from "../outage-reports.js";
import { pipelinesOf } from "../pipelines.js";
import {
  documentKey,
  documentOf,
  type StickyAssignmentsDocument,
  type StickySubject,
} from "./document.js";
import { DocumentCache } from "./document-cache.js";
import { type StickyBucketOptions, stickyBucketSettings } from "./options.js";
import { Saves } from "./saves.js";

/** Maximum number of documents per pipeline. */
const BATCH_SIZE = 100;
const CLOSE_MS = 400;

/**
 * Sticky assignments of a fleet, with the methods of GrowthBook's sticky bucket service. No method
 * rejects. While Redis is down, it returns the last known assignments, and new ones wait.
 */
export interface StickyBuckets {
  /** Returns the assignments of one subject, or `null` if there are none or they are unknown. */
  getAssignments(
    attributeName: string,
    attributeValue: string,
  ): Promise<StickyAssignmentsDocument | null>;
  /** Returns the assignments of all attributes that have any, by `<name>||<value>`. */
  getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<string, StickyAssignmentsDocument>>;
  /**
   * Saves the changed assignments of a document. Other assignments in Redis stay. If the subject's
   * assignments could not be loaded, no assignment in Redis is replaced.
   */
  saveAssignments(document: StickyAssignmentsDocument): Promise<unknown>;
  /** Returns the key of a document in the result of {@link getAllAssignments}. */
  getKey(attributeName: string, attributeValue: string): string;
  /**
   * Saves everything. Resolves to false if that failed or took longer than the limit (default: 400
   * ms). Never rejects.
   */
  flush(limit?: { readonly timeoutMs?: number | undefined }): Promise<boolean>;
  /** Saves everything like {@link flush}, and ends. Never rejects. */
  close(limit?: { readonly timeoutMs?: number | undefined }): Promise<void>;
}

/** The store of sticky assignments of one fleet. */
export class RedisStickyBuckets implements StickyBuckets {
  readonly #services: FleetServices;
  readonly #cache: DocumentCache;
  readonly #saves: Saves;
  readonly #outages: OutageReports;
  readonly #release: () => void;
  #closing: Promise<void> | undefined;

  /** @throws OptionError for an unknown option or a bad value. */
  constructor(services: FleetServices, options: StickyBucketOptions = {}) {
    const settings = stickyBucketSettings(options);
    this.#services = services;
    this.#cache = new DocumentCache(settings.maxCached);
    this.#outages = new OutageReports(services, {
      begun: "sticky assignments unreachable",
      ended: "sticky assignments reachable again",
    });
    this.#saves = new Saves({
      ...{ services, settings, cache: this.#cache },
      keyOf: (key) => this.#redisKey(key),
      note: (error) => this.#outages.note(error),
    });
    this.#release = services.retain({ close: (timeoutMs) => this.close({ timeoutMs }) });
  }

  async getAssignments(
    attributeName: string,
    attributeValue: string,
  ): Promise<StickyAssignmentsDocument | null> {
    const subject = { attributeName, attributeValue };
    const documents = await this.#load([subject]);
    return documents[documentKey(subject)] ?? null;
  }

  getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<string, StickyAssignmentsDocument>> {
    const subjects = Object.entries(attributes).map(([attributeName, attributeValue]) => ({
      attributeName,
      attributeValue,
    }));
    return this.#load(subjects);
  }

  saveAssignments({
    attributeName,
    attributeValue,
    assignments,
  }: StickyAssignmentsDocument): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.resolve();
    return this.#saves.save({ attributeName, attributeValue }, assignments);
  }

  getKey(attributeName: string, attributeValue: string): string {
    return documentKey({ attributeName, attributeValue });
  }

  async flush({ timeoutMs = CLOSE_MS }: { timeoutMs?: number | undefined } = {}): Promise<boolean> {
    const limit = { clock: this.#services.clock, timeoutMs, holdsProcess: true };
    const outcome = await within(limit, () => this.#saves.flush());
    return outcome.kind === "done" && outcome.value;
  }

  close(limit: { timeoutMs?: number | undefined } = {}): Promise<void> {
    this.#closing ??= this.flush(limit).then(() => {
      const { closed, unconfirmed } = this.#saves.end();
      const { diagnostics } = this.#services;
      const facts = (reason: string, count: number) => ({
        part: `sticky ${reason}`,
        reason,
        count,
      });
      if (closed > 0) diagnostics.warn("sticky assignments dropped", facts("closed", closed));
      if (unconfirmed > 0) {
        diagnostics.warn("sticky assignments may be lost", facts("unconfirmed", unconfirmed));
      }
      this.#release();
    });
    return this.#closing;
  }

  /** Loads the documents that have assignments, by their keys. */
  async #load(
    subjects: readonly StickySubject[],
  ): Promise<Record<string, StickyAssignmentsDocument>> {
    if (subjects.length === 0) return {};
    const { isCluster } = this.#services;
    const items = subjects.map((subject) => {
      const key = documentKey(subject);
      return { subject, key, redisKey: this.#redisKey(key) };
    });
    const limits = { batchSize: BATCH_SIZE, isCluster };
    await this.#services.link.settled();
    await Promise.all(
      pipelinesOf(items, ({ redisKey }) => redisKey, limits).map(async (batch) => {
        const outcomes = await this.#readAll(batch.map(({ redisKey }) => redisKey));
        batch.forEach(({ key }, i) => {
          const [error, reply] = outcomes[i] ?? [null, null];
          if (error !== null || !Array.isArray(reply)) this.#cache.doubt(key);
          else this.#cache.set(key, { stored: pairsOf(reply), isCurrent: true });
        });
      }),
    );
    const documents = items.map(({ subject, key }) => {
      const stored = new Map([
        ...(this.#cache.get(key)?.stored ?? []),
        ...this.#saves.pendingOf(key),
      ]);
      return [key, documentOf(subject, stored)] as const;
    });
    return Object.fromEntries(
      documents.filter(([, { assignments }]) => Object.keys(assignments).length > 0),
    );
  }

  async #readAll(keys: readonly string[]): Promise<readonly CommandOutcome[]> {
    try {
      // In capitals, because ioredis would convert the reply to `hgetall` to an object.
      const outcomes = await this.#services.link.pipeline(
        keys.map((key): Command => ["HGETALL", key]),
      );
      this.#outages.note(outcomes[0]?.[0] ?? null);
      return outcomes;
    } catch (error) {
      this.#outages.note(error);
      return [];
    }
  }

  #redisKey(key: string): string {
    const digit = createHash("sha256").update(key).digest("hex").charAt(0);
    return this.#services.settings.namespace.spreadKey(digit, `sticky:${key}`);
  }
}
