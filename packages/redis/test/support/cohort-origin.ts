import {
  type ConfigurationOrigin,
  type Failure,
  NetworkError,
  type Payload,
} from "@sortition/core/internal";

/** Name of the optional part. */
export const COHORT = "cohort";

/** Adds an optional part to the payloads of an origin. */
export function withCohort(
  origin: ConfigurationOrigin,
  url: string,
  headers: Readonly<Record<string, string>>,
): ConfigurationOrigin {
  return {
    ...origin,
    async fetchOnce(current, context) {
      const result = await origin.fetchOnce(current, context);
      if (result.kind === "failed") return result;
      const held = current?.find(({ part }) => part === COHORT);
      const needed =
        result.kind === "payloads"
          ? result.payloads
          : (current ?? []).filter(({ part }) => part !== COHORT);
      try {
        const etag: Record<string, string> =
          held?.etag === null || held === undefined ? {} : { "if-none-match": held.etag };
        const answer = await fetch(url, { headers: { ...headers, ...etag } });
        if (answer.status === 304 && held !== undefined) {
          if (result.kind === "unchanged") return result;
          return { ...result, payloads: [...withoutCohort(needed), held] };
        }
        if (answer.status !== 200) throw new Error(`status ${answer.status}`);
        const cohort: Payload = {
          part: COHORT,
          bytes: new Uint8Array(await answer.arrayBuffer()),
          etag: answer.headers.get("etag"),
          fetchedAtMs: Date.now(),
          from: "network",
          isOptional: true,
        };
        return { kind: "payloads", payloads: [...withoutCohort(needed), cohort] };
      } catch (cause) {
        const error = new NetworkError("no cohort", cause);
        const failure: Failure = { kind: "transient", error, retryAfterMs: null, part: COHORT };
        const kept = held === undefined ? [] : [held];
        const payloads = [...withoutCohort(needed), ...kept];
        return { kind: "payloads", payloads, warnings: [failure] };
      }
    },
  };
}

function withoutCohort(payloads: readonly Payload[]): readonly Payload[] {
  return payloads.filter(({ part }) => part !== COHORT);
}
