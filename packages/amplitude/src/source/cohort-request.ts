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
import { VERSION } from "../version.js";
import { withAbortDeadline } from "./abort-deadline.js";
import type { CohortSettings } from "./cohort-options.js";
import { parsedBody } from "./parsed-body.js";

/** Sends a request and reads the body, which is bounded; `HttpTransport` of `@sortition/node/internal`, or another one of that shape. */
export interface CohortTransport {
  /** @throws NetworkError and its kin; a status of any kind is an answer. */
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
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

/** Requests of one download, in total. */
const ATTEMPTS = 3;
const PAUSE_MS = 100;
export const COHORT_TIMEOUT_MS = 20_000;
/** Nothing behind these bytes is looked at for the time of the last change. */
const HEAD_BYTES = 4_096;

/**
 * Downloads a cohort.
 *
 * @param held - what is known; asked for conditionally.
 * @returns `held` if it did not change.
 * @throws HttpStatusError, NetworkError and so on, or DecodeError if the answer is not a cohort.
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
    authorization,
    "x-amp-exp-library": `sortition-amplitude/${VERSION}`,
    accept: "application/json",
    "accept-encoding": "gzip, br",
  };
  const deadline = { clock, timeoutMs: COHORT_TIMEOUT_MS, signal };
  const { body, status } = await withAbortDeadline(deadline, (ended) =>
    transport.request({ url, headers, maxBodyBytes, signal: ended }),
  );
  if (status === 204 && held !== null) return held;
  if (status !== 200) throw new HttpStatusError(status, null);
  // The table is kept with the bytes, and found again when the configuration is compiled.
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

/** The time of the last change as the body has it; `null` if it is not near the beginning. */
function lastModifiedOf(body: Uint8Array): string | null {
  const head = String.fromCharCode(...body.subarray(0, HEAD_BYTES)); // Latin-1
  // The last member of the name counts, as with JSON.parse. Those within strings have escaped quotes; nested objects are not told
  // apart, since the server sends none.
  const [, digits = null] = /^.*[{,\s]"lastModified"\s*:\s*(\d+)/s.exec(head) ?? [];
  // Quirk: 0 is not sent (amplitude).
  return digits === null || Number(digits) === 0 ? null : digits;
}

/** Refusals are lasting, also that a cohort is too large or unchanged; everything else may be temporary, garbled JSON, too. */
function isRetryable(error: unknown): boolean {
  if (error instanceof DecodeError) return false;
  if (!(error instanceof HttpStatusError)) return true;
  const { httpStatus } = error;
  if (httpStatus === 204) return false;
  return httpStatus < 400 || httpStatus >= 500 || httpStatus === 429;
}
