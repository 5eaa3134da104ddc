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
  /** The caller's payloads, whose etags are sent with the requests. */
  readonly current: PayloadSet | null;
  /** Deadline of all requests together, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignalLike;
  /** Classifies the error of a request. */
  readonly failureOf: (cause: unknown) => Failure;
}

/**
 * Requests the endpoints in order, with the etags of the current payloads, all under one deadline. Never rejects unless
 * `failureOf` throws.
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
  /** Runs in slices, because a dialect may have to decode megabytes. */
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
  // The parts of an update belong together, so none of them is used, unless there is no configuration at all. In that
  // case, the first part alone is better than nothing.
  const isBetterThanNothing = current === null && fresh.length > 0;
  return isBetterThanNothing
    ? { kind: "payloads", payloads, failure }
    : { kind: "failed", failure };
}

/** Whether a response with this status has a usable body. */
export function isOkWithBody(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

/** Replaces current parts with fresh ones. Other current parts are kept, even if they are no longer needed. */
function merge(current: PayloadSet | null, fresh: PayloadSet): PayloadSet {
  const payloads = [...(current ?? []), ...fresh];
  return [...new Map(payloads.map((payload) => [payload.part, payload])).values()];
}
