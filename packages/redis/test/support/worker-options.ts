/** Scope of the origin of all workers, so that their keys are known. */
export const SCOPE: string = "d0".repeat(32);

/** How a worker reaches Redis. */
export type Target =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "options"; readonly options: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "cluster";
      readonly ports: readonly number[];
      readonly username?: string;
      readonly password?: string;
    }
  /** A client that the application owns. */
  | { readonly kind: "client"; readonly options: Readonly<Record<string, unknown>> };

/** Settings that the test passes to each worker. */
export interface WorkerSettings {
  readonly id: string;
  readonly target: Target;
  readonly vendorUrl: string;
  /** Options of `redis()`. */
  readonly fleet: Readonly<Record<string, unknown>>;
  readonly requestTimeoutMs: number;
  /** Delay between the end of a fetch and the next step. */
  readonly holdMs: number;
  /** Whether it waits for the request `start`. */
  readonly isHeld: boolean;
  /** Address of the stream of a `StreamVendor`. */
  readonly streamUrl?: string;
}

/** Response to the request `status`. */
export interface WorkerStatus {
  readonly fleet: {
    readonly role: string;
    readonly revision: number | string | null;
    readonly pubsub: string;
    readonly redis: string;
    readonly fence: number | string | null;
    readonly lastError: { readonly code: string } | null;
    readonly counters: Readonly<Record<string, unknown>>;
  };
  readonly client: {
    readonly state: string;
    readonly source: string | null;
    readonly ageMs: number | null;
    readonly lastError: { readonly code: string } | null;
  };
}
