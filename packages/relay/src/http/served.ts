import type { Exchange } from "./exchange.js";

/** Facts about a request that are known before its response ends. None comes from the URL. */
export interface RequestFacts {
  /** Template of the route. */
  readonly route: string;
  /** Name of the environment; `null` if it is unknown. */
  readonly environment: string | null;
  /** Name of the token; `null` if it is missing or wrong. */
  readonly token: string | null;
}

/** A request whose response has ended. */
export interface ServedRequest extends RequestFacts {
  readonly method: string;
  readonly status: number;
  /** `null` for a stream, because its reader decides how long it lasts. */
  readonly durationMs: number | null;
}

/** Receives each request when its response has ended. */
export type Served = (request: ServedRequest) => void;

/** Reports a request now, or when its response has ended. */
export function noteServed(
  { incoming, outgoing, startedAtMs }: Exchange,
  served: Served,
  facts: RequestFacts,
): void {
  const report = (): void => {
    const isStream = outgoing.getHeader("content-type") === "text/event-stream";
    const durationMs = isStream ? null : performance.now() - startedAtMs;
    const { method = "" } = incoming;
    served({ ...facts, method, status: outgoing.statusCode, durationMs });
  };
  if (outgoing.writableFinished || outgoing.destroyed) report();
  else outgoing.once("close", report);
}
