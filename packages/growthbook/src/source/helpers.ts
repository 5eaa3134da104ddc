import type { VendorAny } from "../dialect/vendor-any.js";
import { currentFetch, getPolyfills, noStore } from "./polyfills.js";
import { sendUnheld } from "./unheld.js";

/** Address, key and headers of a request. */
export interface HelperCall {
  host: string;
  clientKey: string;
  headers?: Record<string, string> | undefined;
}

/** The members that we use of an `EventSource`. */
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

/** The functions that send requests. You can replace them. */
export type Helpers = {
  /** Requests the payload. */
  fetchFeaturesCall: (call: HelperCall) => Promise<Response>;
  /** Requests the features of one user. */
  fetchRemoteEvalCall: (call: HelperCall & { payload: VendorAny }) => Promise<Response>;
  /** Opens a stream of changes. */
  eventSourceCall: (call: HelperCall) => EventSourceCompat;
  /** Has no effect on servers. */
  // biome-ignore lint/suspicious/noConfusingVoidType: the vendor's type
  startIdleListener: () => (() => void) | void;
  /** Has no effect on servers. */
  stopIdleListener: () => void;
};

function featuresUrl({ clientKey, host }: HelperCall): string {
  return `${host}/api/features/${clientKey}`;
}

function evaluationUrl({ clientKey, host }: HelperCall): string {
  return `${host}/api/eval/${clientKey}`;
}

/** Sends `GET /api/features/<key>`. */
function fetchFeatures(call: HelperCall, signal?: AbortSignal): Promise<Response> {
  return currentFetch()(featuresUrl(call), {
    ...headersOf(call),
    ...signalOf(signal),
    ...noStore(),
  });
}

/** Sends `POST /api/eval/<key>`. */
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

/** Opens `GET /sub/<key>` with the user's `EventSource`. */
function openEventSource({ host, clientKey, headers }: HelperCall): EventSourceCompat {
  const url = `${host}/sub/${clientKey}`;
  // The caller of `setPolyfills` vouches for the type.
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

/** Functions that send requests. Replace a member to send them yourself, for all instances of the process. */
export const helpers: Helpers = {
  fetchFeaturesCall: fetchFeatures,
  fetchRemoteEvalCall: fetchRemoteEval,
  eventSourceCall: openEventSource,
  // Servers have no idle tabs.
  startIdleListener: () => undefined,
  stopIdleListener: () => {},
};

/** Requests features. The signal aborts our own request, but not a replaced helper's. */
export function requestFeatures(call: HelperCall, signal: AbortSignal): Promise<Response> {
  const { fetchFeaturesCall } = helpers;
  return sendUnheld(featuresUrl(call), () =>
    fetchFeaturesCall === fetchFeatures ? fetchFeatures(call, signal) : fetchFeaturesCall(call),
  );
}

/** Requests a remote evaluation. The signal aborts our own request, but not a replaced helper's. */
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

/** Returns whether streams are opened by the user's `EventSource` or helper. */
export function hasOwnEventSource(): boolean {
  return helpers.eventSourceCall !== openEventSource || Boolean(getPolyfills().EventSource);
}
