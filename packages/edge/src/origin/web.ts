/** The platform's `fetch`, or a function with the same signature. */
export type FetchLike = (url: string, init: object) => Promise<unknown>;

/** The members that we use of a byte stream. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
  cancel(reason?: unknown): Promise<void>;
}

/** The members that we use of a `Response`. */
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

/** Returns the platform's globals, read on each use. This package compiles without the types of any platform. */
export function web(): WebHost {
  // All members are optional, because platforms differ.
  return globalThis as WebHost;
}

/** Cancels an unread body to free its connection. */
export function discard({ body }: Pick<WebResponse, "body">): void {
  body?.cancel().catch(() => {}); // the body may have ended already
}
