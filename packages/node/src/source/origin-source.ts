import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  markRelease,
} from "@sortition/core/internal";
import { RELEASE } from "../version.js";
import type { Pacing } from "./backoff.js";
import { OriginRun } from "./origin-run.js";
import { sharedRun } from "./shared-run.js";

export interface OriginSourceOptions {
  /** `streaming`: follows the origin's stream. */
  readonly kind: "polling" | "streaming";
  /** `null`: attempts are made only on request. */
  readonly pacing: Pacing | null;
  /** Reported as a warning when the source starts. Default: none. */
  readonly notice?: string | null;
}

/**
 * Creates a source that requests from an origin. Clients that are given the same source share one
 * run.
 */
export function originSource(
  origin: ConfigurationOrigin,
  { kind, notice = null, pacing }: OriginSourceOptions,
): ConfigurationSource {
  const follows = kind === "streaming";
  const source: ConfigurationSource = {
    kind,
    intervalMs: pacing?.intervalMs ?? null,
    dialect: origin.dialect,
    requestTimeoutMs: origin.requestTimeoutMs,

    get lateHint() {
      return origin.lateHint;
    },

    get scope() {
      return origin.scope;
    },

    get stream() {
      return follows ? origin.stream : undefined;
    },
    ...sharedRun((ports) => {
      if (notice !== null) ports.diagnostics.warn(notice);
      return new OriginRun({ origin, pacing, follows, ports });
    }),
  };
  return markRelease(source, RELEASE);
}
