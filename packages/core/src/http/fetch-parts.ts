import type { Failure, FetchResult } from "../configuration/origin.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import type { Endpoint } from "../model/dialect.js";
import type { Steps } from "../model/steps.js";
import { withDeadline } from "../runtime/deadline.js";
import type { AbortSignalLike, UrlLike } from "../runtime/host.js";
import { runInSlices } from "../runtime/slices.js";
import { fetchPart, type SendPart, type Server } from "./part.js";

/** One attempt at all parts of a configuration. */
export interface PartsAttempt<Url extends UrlLike> {
  readonly server: Server<Url>;
  readonly endpoints: readonly Endpoint[];
  readonly send: SendPart<Url>;
  /** What the caller holds, with the etags to ask with. */
  readonly current: PayloadSet | null;
  /** For all requests together, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignalLike;
  /** Classifies what a request threw. */
  readonly failureOf: (cause: unknown) => Failure;
}

/**
 * Requests the endpoints in their order, with the etags of the held payloads, all under one deadline. Never rejects
 * unless `failureOf` throws.
 *
 * @see docs/spec/lifecycle.md §1.1 and §1.3
 */
export async function fetchParts<Url extends UrlLike>({
  current,
  endpoints,
  failureOf,
  send,
  server,
  signal,
  timeoutMs,
}: PartsAttempt<Url>): Promise<FetchResult> {
  const { clock } = server;
  const fresh: Payload[] = [];
  /** A dialect may have to decode megabytes for an answer. */
  const decided = async (answer: boolean | Steps<boolean>): Promise<boolean> =>
    typeof answer === "boolean" ? answer : runInSlices(answer, clock);

  const fetchAll = async (ended: AbortSignalLike): Promise<Failure | null> => {
    for (const endpoint of endpoints) {
      const payloads = merge(current, fresh);
      if (!(await decided(endpoint.isNeeded(payloads)))) continue;
      const held = payloads.find(({ part }) => part === endpoint.part) ?? null;
      const result = await fetchPart(server, { send, endpoint, held, signal: ended });
      if (result.kind === "failed") return result.failure;
      if (result.kind === "unchanged") continue;
      const { payload } = result;
      if (!(await decided(endpoint.isEmpty?.(payload) ?? false))) fresh.push(payload);
    }
    return null;
  };

  const failure = await withDeadline({ clock, timeoutMs, signal }, fetchAll).catch(failureOf);
  const payloads = merge(current, fresh);
  if (failure === null) {
    return fresh.length === 0 ? { kind: "unchanged" } : { kind: "payloads", payloads };
  }
  // The parts of an update belong together, so none is used. Only if nothing at all is held, the
  // first part alone is better than that.
  const isBetterThanNothing = current === null && fresh.length > 0;
  return isBetterThanNothing
    ? { kind: "payloads", payloads, failure }
    : { kind: "failed", failure };
}

/** Whether an answer with this status has a body to use. */
export function isOkWithBody(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

/** Replaces held parts by fresh ones. Other held parts stay, also those that are no longer needed. */
function merge(current: PayloadSet | null, fresh: PayloadSet): PayloadSet {
  const payloads = [...(current ?? []), ...fresh];
  return [...new Map(payloads.map((payload) => [payload.part, payload])).values()];
}
