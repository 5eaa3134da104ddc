import type { SortitionError } from "../../errors/errors.js";
import type { ClientState, StatusSource } from "./status.js";

/** Why a wait for the first configuration ended without one. */
export type NotReadyReason =
  | "timeout"
  | "unauthorized"
  | "rejected"
  | "rate-limited"
  | "no-source"
  | "aborted"
  | "closed";

/** Outcome of waiting for the first configuration. */
export type ReadyResult =
  | {
      readonly ready: true;
      readonly state: ClientState;
      readonly source: StatusSource;
      readonly revision: string;
      readonly elapsedMs: number;
    }
  | {
      readonly ready: false;
      readonly reason: NotReadyReason;
      readonly error: SortitionError | null;
      readonly elapsedMs: number;
    };
