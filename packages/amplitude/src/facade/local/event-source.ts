import { HttpStatusError, NetworkError, type SortitionError } from "@sortition/core/source";

/** An `EventSource`, as far as it is used. */
export interface StreamEventSource {
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  /** Ends the connection. */
  close(): void;
}

/** Opens streams in the place of this package. `params` has the headers. */
export type StreamEventSourceFactory = (url: string, params: unknown) => StreamEventSource;

/** Where a stream comes from, and who receives it. */
interface StreamCall {
  /** Passed on as it is: whether it is a URL, the factory decides. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly onOpen: () => void;
  readonly onEvent: (event: { readonly type: string; readonly data: string }) => void;
  readonly onError: (failure: { readonly error: SortitionError }) => void;
}

/** Opens a stream by the user's factory. What that throws is a failure of the connection. */
export function openBy(
  factory: StreamEventSourceFactory,
  { headers, onError, onEvent, onOpen, url }: StreamCall,
): { close(): void } {
  const { authorization, "x-amp-exp-library": library } = headers;
  const given = {
    Authorization: authorization,
    ...(library === undefined ? {} : { "X-Amp-Exp-Library": library }),
  };
  try {
    const source = factory(url, { headers: given });
    source.onopen = (event?: { readonly type?: string }) => {
      if (event?.type === "open") onOpen();
    };
    source.onmessage = ({ data }: { readonly data?: string }) => {
      onEvent({ type: "message", data: data ?? "" });
    };
    source.onerror = (error?: { readonly status?: number }) => {
      if (error) onError({ error: errorOf(error) });
    };
    return source;
  } catch (cause) {
    queueMicrotask(() => onError({ error: new NetworkError("the stream failed", cause) }));
    return { close: () => {} };
  }
}

function errorOf(event: { readonly status?: number }): SortitionError {
  const { status } = event;
  if (typeof status === "number") return new HttpStatusError(status, null);
  return new NetworkError("the stream failed", event);
}
