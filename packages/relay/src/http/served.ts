import type { Exchange } from "./exchange.js";

/** What is known of a request beside its status. Nothing of it is from the URL. */
export interface RequestFacts {
  /** Template of the route. */
  readonly route: string;
  /** Name of the environment; `null` for one that there is not. */
  readonly environment: string | null;
  /** Name of the token; `null` without a right one. */
  readonly token: string | null;
}

/** Receives each request when its response has ended. */
export type Served = (request: RequestFacts & { readonly status: number }) => void;

/** Reports a request now, or when its response has ended. */
export function noteServed({ outgoing }: Exchange, served: Served, facts: RequestFacts): void {
  const report = (): void => served({ ...facts, status: outgoing.statusCode });
  if (outgoing.writableFinished || outgoing.destroyed) report();
  else outgoing.once("close", report);
}
