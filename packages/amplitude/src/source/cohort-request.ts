import {
  type Clock,
  DecodeError,
  type HttpResponse,
  HttpStatusError,
  type Payload,
  ProtocolError,
  retrying,
  runInSlices,
} from "@sortition/core/internal";
import { cohortPart, tableOfCohort } from "../dialect/cohorts/cohort-parts.js";
import { RELEASE } from "../version.js";
import { withAbortDeadline } from "./abort-deadline.js";
import type { CohortSettings } from "./cohort-options.js";
import { parsedBody } from "./parsed-body.js";

/**
 * Sends a request and reads the body up to a limit: `HttpTransport` of `@sortition/node/internal`,
 * or another one with the same interface.
 */
export interface CohortTransport {
  /**
   * Resolves with a response of any status.
   *
   * @throws NetworkError and similar errors.
   */
  request(message: {
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly maxBodyBytes: number;
    readonly signal: AbortSignal;
  }): Promise<HttpResponse>;
}

/** Where and how cohorts are requested. */
export interface CohortServer extends CohortSettings {
  readonly transport: CohortTransport;
  /** Additional headers, with lower-case names. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

/** Maximum number of requests for one download. */
const ATTEMPTS = 3;
const PAUSE_MS = 100;
export const COHORT_TIMEOUT_MS = 20_000;
/** The time of the last change is only searched within these bytes. */
const HEAD_BYTES = 4_096;

/**
 * Downloads a cohort.
 *
 * @param held - the known copy, which makes the request conditional.
 * @returns `held` if it did not change.
 * @throws HttpStatusError, NetworkError or a similar error; DecodeError if the response is not a
 * cohort.
 */
export async function downloadCohort(
  server: CohortServer,
  cohortId: string,
  held: Payload | null,
  signal: AbortSignal,
): Promise<Payload> {
  const pauseMs = (): number => PAUSE_MS;
  const { clock } = server;
  return await retrying(
    { clock, tries: ATTEMPTS, pauseMs, isRetryable, signal, holdsProcess: false },
    () => request(server, cohortId, held, signal),
  );
}

async function request(
  server: CohortServer,
  cohortId: string,
  held: Payload | null,
  signal: AbortSignal,
): Promise<Payload> {
  const { authorization, clock, maxBodyBytes, maxCohortSize, transport } = server;
  const url = new URL(`${server.url}/sdk/v1/cohort/${encodeURIComponent(cohortId)}`);
  url.searchParams.set("maxCohortSize", `${maxCohortSize}`);
  if (held?.etag) url.searchParams.set("lastModified", held.etag);
  const headers = {
    ...server.headers,
    authorization,
    "x-amp-exp-library": `sortition-amplitude/${RELEASE.version}`,
    accept: "application/json",
    "accept-encoding": "gzip, br",
  };
  const deadline = { clock, timeoutMs: COHORT_TIMEOUT_MS, signal };
  const { body, status } = await withAbortDeadline(deadline, (ended) =>
    transport.request({ url, headers, maxBodyBytes, signal: ended }),
  );
  if (status === 204 && held !== null) return held;
  if (status !== 200) throw new HttpStatusError(status, null);
  // The table is stored with the bytes, and reused when the configuration is compiled.
  await runInSlices(tableOfCohort(body, cohortId), clock).catch((error) => {
    // Quirk: JSON that is not a cohort is not requested again, but null is (amplitude).
    throw parsedBody(body) === null ? new ProtocolError("the answer is null") : error;
  });
  return {
    part: cohortPart(cohortId),
    bytes: body,
    etag: lastModifiedOf(body),
    fetchedAtMs: clock.now(),
    from: "network",
    isOptional: true,
  };
}

/** Returns the time of the last change in the body, or `null` if it is not near the start. */
function lastModifiedOf(body: Uint8Array): string | null {
  const head = String.fromCharCode(...body.subarray(0, HEAD_BYTES)); // Latin-1
  // As in JSON.parse, the last member with the name is used. Quotes inside strings are escaped.
  // Nested objects are not distinguished, because the server sends none.
  const [, digits = null] = /^.*[{,\s]"lastModified"\s*:\s*(\d+)/s.exec(head) ?? [];
  // Quirk: 0 is not sent (amplitude).
  return digits === null || Number(digits) === 0 ? null : digits;
}

/**
 * Refusals are permanent, also if a cohort is too large or unchanged. All other errors, even
 * garbled JSON, may be temporary.
 */
function isRetryable(error: unknown): boolean {
  if (error instanceof DecodeError) return false;
  if (!(error instanceof HttpStatusError)) return true;
  const { httpStatus } = error;
  if (httpStatus === 204) return false;
  return httpStatus < 400 || httpStatus >= 500 || httpStatus === 429;
}
