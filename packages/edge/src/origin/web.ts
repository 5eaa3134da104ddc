/** Sends a request by the platform's `fetch`, or another one of that shape. */
export type FetchLike = (url: string, init: object) => Promise<unknown>;

/** The part of a stream of bytes that is used. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
  cancel(reason?: unknown): Promise<void>;
}

/** The part of a `Response` that is used. */
export interface WebResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ByteStream | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface WebHost {
  readonly fetch?: FetchLike;
  readonly Request?: new (url: string, init: object) => unknown;
  readonly Response?: new (body: Uint8Array, init: object) => WebResponse;
}

/** The globals of the platform, read when they are used. This package compiles without the types of any platform. */
export function web(): WebHost {
  // Which of these exist depends on the platform: every member is optional.
  return globalThis as WebHost;
}

/** Ends a body that is not read, so that its connection is free. */
export function discard({ body }: Pick<WebResponse, "body">): void {
  body?.cancel().catch(() => {}); // it may have ended already
}
