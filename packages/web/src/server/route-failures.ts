import type { Diagnostics } from "@sortition/core/internal";
import type { RouteHandler } from "./web-flags.js";

/** Returns the diagnostics of a route's client. Rejects if there is no client. */
type DiagnosticsOf = () => Promise<Diagnostics>;

/** How routes report that they failed, for servers that have no error handler. */
const known = new WeakMap<RouteHandler, DiagnosticsOf>();

/** Reports the failures of a route to diagnostics. */
export function reportFailuresTo(route: RouteHandler, diagnosticsOf: DiagnosticsOf): void {
  known.set(route, diagnosticsOf);
}

/** Reports a failure to the diagnostics of the route's client, or to `console.error` if there is none. Never rejects. */
export async function reportFailure(route: RouteHandler, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : `${error}`;
  const message = `a route of @sortition/web failed, and responded with 500: ${reason}`;
  try {
    const diagnostics = await known.get(route)?.();
    if (diagnostics !== undefined)
      return diagnostics.error(message, { cause: "route failed", error });
  } catch {
    // There is no client, which is probably the reason.
  }
  console.error(message);
}
