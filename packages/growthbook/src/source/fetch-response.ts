import { messageOf } from "@sortition/core/internal";
import type { FeatureApiResponse } from "../model/payload.js";

/** Outcome of a request or a cache read. */
export interface FetchResponse {
  data: FeatureApiResponse | null;
  success: boolean;
  source: "cache" | "network" | "error" | "timeout";
  error?: Error;
}

/** Outcome for a caller whose timeout has passed. */
export function timedOut(): FetchResponse {
  return { data: null, success: false, source: "timeout", error: new Error("Timeout") };
}

/** Outcome for a caller whose instance was destroyed. */
export function destroyed(): FetchResponse {
  return failed(new Error("The instance was destroyed"));
}

/** Outcome if there is no payload. */
export function failed(cause: unknown): FetchResponse {
  const error = cause instanceof Error ? cause : new Error(messageOf(cause));
  return { data: null, success: false, source: "error", error };
}
