import type { VendorAny } from "../dialect/vendor-any.js";
import { currentFetch, getPolyfills } from "./polyfills.js";
import { sendUnheld } from "./unheld.js";

/** Where a request goes. */
export interface HelperCall {
  host: string;
  clientKey: string;
  headers?: Record<string, string> | undefined;
}

/** The part of an `EventSource` that is used. */
export interface EventSourceCompat {
  onopen: unknown;
  onerror: unknown;
  readonly readyState?: number;
  /** Adds a listener for events of a type. */
  addEventListener(
    type: string,
    listener: (event: { readonly type: string; readonly data?: unknown }) => void,
  ): void;
  /** Ends the connection. */
  close(): void;
}

/** The requests of the library. A replaced member is called instead of ours. */
export type Helpers = {
  /** Requests the payload. */
  fetchFeaturesCall: (call: HelperCall) => Promise<Response>;
  /** Requests the features of one user. */
  fetchRemoteEvalCall: (call: HelperCall & { payload: VendorAny }) => Promise<Response>;
  /** Opens a stream of changes. */
  eventSourceCall: (call: HelperCall) => EventSourceCompat;
  /** Without effect: for pages. */
  // biome-ignore lint/suspicious/noConfusingVoidType: the vendor's
  startIdleListener: () => (() => void) | void;
  /** Without effect: for pages. */
  stopIdleListener: () => void;
};

function featuresUrl({ clientKey, host }: HelperCall): string {
  return `${host}/api/features/${clientKey}`;
}

function evaluationUrl({ clientKey, host }: HelperCall): string {
  return `${host}/api/eval/${clientKey}`;
}

/** `GET /api/features/<key>` */
function fetchFeatures(call: HelperCall, signal?: AbortSignal): Promise<Response> {
  return currentFetch()(featuresUrl(call), { ...headersOf(call), ...signalOf(signal) });
}

/** `POST /api/eval/<key>` */
function fetchRemoteEval(
  call: HelperCall & { payload: VendorAny },
  signal?: AbortSignal,
): Promise<Response> {
  return currentFetch()(evaluationUrl(call), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...call.headers },
    body: JSON.stringify(call.payload),
    ...signalOf(signal),
  });
}

/** `GET /sub/<key>` by the given `EventSource`. */
function openEventSource({ host, clientKey, headers }: HelperCall): EventSourceCompat {
  const url = `${host}/sub/${clientKey}`;
  // The caller of `setPolyfills` guarantees the type.
  const Given = getPolyfills().EventSource as new (
    url: string,
    options?: { headers: Record<string, string> },
  ) => EventSourceCompat;
  return headers === undefined ? new Given(url) : new Given(url, { headers });
}

function headersOf({ headers }: HelperCall): { headers?: Record<string, string> } {
  return headers === undefined ? {} : { headers };
}

function signalOf(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** Replace a member to make requests your own way, for all instances of the process. */
export const helpers: Helpers = {
  fetchFeaturesCall: fetchFeatures,
  fetchRemoteEvalCall: fetchRemoteEval,
  eventSourceCall: openEventSource,
  // There are no idle tabs on a server.
  startIdleListener: () => undefined,
  stopIdleListener: () => {},
};

/** Requests features; our own request ends with the signal. */
export function requestFeatures(call: HelperCall, signal: AbortSignal): Promise<Response> {
  const { fetchFeaturesCall } = helpers;
  return sendUnheld(featuresUrl(call), () =>
    fetchFeaturesCall === fetchFeatures ? fetchFeatures(call, signal) : fetchFeaturesCall(call),
  );
}

/** Requests a remote evaluation; our own request ends with the signal. */
export function requestEvaluation(
  call: HelperCall & { payload: VendorAny },
  signal: AbortSignal,
): Promise<Response> {
  const { fetchRemoteEvalCall } = helpers;
  return sendUnheld(evaluationUrl(call), () =>
    fetchRemoteEvalCall === fetchRemoteEval
      ? fetchRemoteEval(call, signal)
      : fetchRemoteEvalCall(call),
  );
}

/** Whether streams are opened by an `EventSource` or a helper of the user. */
export function hasOwnEventSource(): boolean {
  return helpers.eventSourceCall !== openEventSource || Boolean(getPolyfills().EventSource);
}
