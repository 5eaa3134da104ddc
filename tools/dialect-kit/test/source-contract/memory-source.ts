import { NetworkError } from "@sortition/core";
import {
  type ConfigurationSource,
  type Dialect,
  loadError,
  type OfferResult,
  type PayloadSet,
  type RefreshOutcome,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/internal";
import type { SourceUnderTest } from "../../src/source-contract/harness.js";

/** Faults that can be inserted into a {@link memorySource}. */
export interface SourceFaults {
  readonly diesWithItsSink?: boolean;
  readonly hidesTheError?: boolean;
  readonly changesEtags?: boolean;
  readonly forgetsAge?: boolean;
  readonly changesBytes?: boolean;
  readonly speaksAfterEnd?: boolean;
  readonly keepsItsTimer?: boolean;
  readonly holdsTheProcess?: boolean;
  readonly startsOnce?: boolean;
  readonly rejectsRefresh?: boolean;
  readonly givesUp?: boolean;
  readonly hidesFailures?: boolean;
  readonly servesTheFirstClientOnly?: boolean;
  readonly neverPolls?: boolean;
  readonly joinsWhatHasEnded?: boolean;
}

const INTERVAL_MS = 1_000;

/** Age and etag of its content. */
export const MEMORY_AGE_MS = 60_000;
export const MEMORY_ETAG = 'W/"memory"';

/** Polls a string. Correct unless a fault is inserted. */
export function memorySource(dialect: Dialect, faults: SourceFaults = {}): SourceUnderTest {
  let content: string | null = "first";
  const clients = new Map<SourceSink, SourceContext>();
  let cancelTimer: (() => void) | null = null;
  let isDead = false;
  let starts = 0;
  let running: Promise<RefreshOutcome> | null = null;

  const payloads = (text: string): PayloadSet => [
    {
      part: "flags",
      bytes: new TextEncoder().encode(faults.changesBytes === true ? `${text} ` : text),
      etag: faults.changesEtags === true ? "memory" : MEMORY_ETAG,
      fetchedAtMs: 0,
      from: "network",
    },
  ];
  const offer = async (sink: SourceSink, text: string): Promise<OfferResult> => {
    try {
      const ageMs = faults.forgetsAge === true ? 0 : MEMORY_AGE_MS;
      return await sink.offer(payloads(text), { ageMs });
    } catch (cause) {
      if (faults.diesWithItsSink === true) isDead = true;
      const error =
        faults.hidesTheError === true ? new NetworkError("failed", null) : loadError(cause);
      return { outcome: "rejected", error };
    }
  };
  const notify = (call: () => void): void => {
    try {
      call();
    } catch {
      if (faults.diesWithItsSink === true) isDead = true;
    }
  };
  const lookFor = async (sink: SourceSink): Promise<RefreshOutcome> => {
    if (content === null) {
      const error = new NetworkError("no response", null);
      if (faults.givesUp === true) isDead = true;
      const failure = { kind: "transient", error, retryAfterMs: null } as const;
      if (faults.hidesFailures !== true) notify(() => sink.failed(failure, { inMs: INTERVAL_MS }));
      return { outcome: "failed", error };
    }
    const offered = await offer(sink, content);
    notify(() => sink.scheduled({ inMs: INTERVAL_MS }));
    if (offered.outcome === "rejected") return { outcome: "failed", error: offered.error };
    if (offered.outcome === "unchanged") notify(() => sink.confirmed({ ageMs: 0 }));
    return { outcome: offered.outcome === "applied" ? "updated" : "unchanged" };
  };
  const look = async (): Promise<RefreshOutcome> => {
    let outcome: RefreshOutcome = { outcome: "unchanged" };
    const sinks = [...clients.keys()];
    const served = faults.servesTheFirstClientOnly === true ? sinks.slice(0, 1) : sinks;
    for (const sink of isDead ? [] : served) outcome = await lookFor(sink);
    return outcome;
  };
  const schedule = ({ clock }: SourceContext): void => {
    if (faults.neverPolls === true) return;
    const holdsProcess = faults.holdsTheProcess === true;
    const run = (): void =>
      void look().then(() => clients.size > 0 && schedule({ clock } as SourceContext));
    cancelTimer = clock.setTimer(run, INTERVAL_MS, { holdsProcess });
  };

  const source: ConfigurationSource = {
    kind: "polling",
    intervalMs: INTERVAL_MS,
    dialect,
    subscribe(sink, context) {
      starts += 1;
      if (faults.startsOnce !== true || starts === 1) clients.set(sink, context);
      if (cancelTimer === null) schedule(context);
      return {
        async end() {
          if (faults.speaksAfterEnd !== true) clients.delete(sink);
          if (clients.size > 0 || faults.keepsItsTimer === true) return;
          cancelTimer?.();
          cancelTimer = null;
        },
      };
    },
    async refresh() {
      if (faults.joinsWhatHasEnded === true && clients.size > 0) {
        running ??= look().finally(() => {
          running = null;
        });
        return running;
      }
      if (clients.size > 0) return look();
      const error = new NetworkError("there is no subscriber", null);
      if (faults.rejectsRefresh === true) throw error;
      return { outcome: "failed", error };
    },
  };
  return {
    source,
    publish: (text) => {
      content = text;
    },
    fail: () => {
      content = null;
    },
  };
}
