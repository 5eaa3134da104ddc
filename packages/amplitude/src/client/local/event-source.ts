import {
  HttpStatusError,
  NetworkError,
  type SortitionError,
  serverOf,
} from "@sortition/core/internal";
import { type OpenConnection, type StreamLink, thrownFailure } from "@sortition/node/internal";

/** The members of an `EventSource` that this package uses. */
export interface StreamEventSource {
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  /** Ends the connection. */
  close(): void;
}

/** Opens streams instead of this package. `params` contains the headers. */
export type StreamEventSourceFactory = (url: string, params: unknown) => StreamEventSource;

interface StreamCall {
  /** Passed on unchanged, because the factory decides whether it is a URL. */
  readonly url: string;
  /** Headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly link: StreamLink;
}

/**
 * Opens a stream with the user's factory. If the factory throws, the connection is treated as
 * failed.
 */
export function openBy(
  factory: StreamEventSourceFactory,
  { headers, link, url }: StreamCall,
): OpenConnection {
  const { authorization, "x-amp-exp-library": library } = headers;
  const given = {
    Authorization: authorization,
    ...(library === undefined ? {} : { "X-Amp-Exp-Library": library }),
  };
  const server = serverOf(url, "the server");
  const failed = `the stream of ${server} failed`;
  const errorOf = (event: { readonly status?: number }): SortitionError => {
    const { status } = event;
    return typeof status === "number"
      ? new HttpStatusError(status, null, `${server} answered with status ${status}`)
      : new NetworkError(failed, event);
  };
  const end = (error: SortitionError): void => link.ended(thrownFailure(error));
  try {
    const source = factory(url, { headers: given });
    source.onopen = (event?: { readonly type?: string }) => {
      if (event?.type === "open") link.opened();
    };
    source.onmessage = ({ data }: { readonly data?: string }) => {
      link.event({ type: "message", data: data ?? "", lastEventId: "" });
    };
    source.onerror = (error?: { readonly status?: number }) => {
      if (error) end(errorOf(error));
    };
    return source;
  } catch (cause) {
    void Promise.resolve().then(() => end(new NetworkError(failed, cause)));
    return { close: () => {} };
  }
}
