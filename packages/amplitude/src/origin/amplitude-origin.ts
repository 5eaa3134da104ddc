import {
  type Clock,
  type ConfigurationOrigin,
  type FetchResult,
  type Payload,
  type PayloadSet,
  runInSlices,
  sha256,
} from "@sortition/core/source";
import { httpOrigin } from "@sortition/node/source";
import { HttpTransport, withDeadline } from "@sortition/node/transport";
import { amplitude } from "../dialect/dialect.js";
import { referredCohortIds } from "../dialect/references.js";
import { type CohortLook, CohortLooks } from "./cohort-look.js";
import { type AmplitudeOriginOptions, checkedOptions } from "./options.js";

/**
 * Creates an origin for Amplitude's servers. One look fetches the flags and, at most four at a time, the
 * cohorts that they refer to: new ones at once, known ones every minute. Each cohort is an optional part of
 * the configuration. A download that fails holds nothing back: the former members stay, and it is tried
 * again at the next look.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function amplitudeOrigin(options: AmplitudeOriginOptions): ConfigurationOrigin {
  const { clock, cohortSync, maxBodyBytes, requestTimeoutMs, serverUrl } = checkedOptions(options);
  const { deploymentKey, dispatcher, proxy, serverZone } = options;
  const dialect = amplitude({ serverZone });
  const flags = httpOrigin({
    dialect,
    apiKey: deploymentKey,
    baseUrl: serverUrl,
    requestTimeoutMs,
    maxBodyBytes,
    dispatcher,
    proxy,
    clock,
  });
  const transport = new HttpTransport({ connections: 4, dispatcher, proxy });
  const cohorts =
    cohortSync === null ? null : new CohortLooks({ ...cohortSync, transport, maxBodyBytes, clock });
  const idsOf = createIdsOf(clock);

  return {
    dialect,
    requestTimeoutMs,
    scope: scopeOf([flags.scope, cohortSync === null ? "" : cohortSync.url]),

    async fetchOnce(current, { signal }) {
      const startedAtMs = clock.monotonicMs();
      const held = current?.filter(({ part }) => part === "flags") ?? [];
      const result = await flags.fetchOnce(held.length === 0 ? null : held, { signal });
      if (result.kind === "failed") return result;
      const payloads = result.kind === "unchanged" ? held : result.payloads;
      if (cohorts === null) {
        return result.kind === "unchanged" && current?.length === held.length
          ? result
          : { kind: "payloads", payloads };
      }
      const timeoutMs = Math.max(1, requestTimeoutMs - (clock.monotonicMs() - startedAtMs));
      const look = await lookWithin({ clock, timeoutMs, signal }, async (ended) =>
        cohorts.look(await idsOf(payloads), current, ended),
      );
      return resultOf(current, payloads, look);
    },

    release() {
      flags.release?.();
      transport.release();
    },
  };
}

/** When the deadline passes, or the caller aborts, downloads are aborted, and are warnings. */
async function lookWithin(
  deadline: Parameters<typeof withDeadline>[0],
  work: (signal: AbortSignal) => Promise<CohortLook>,
): Promise<CohortLook> {
  let look: Promise<CohortLook> = Promise.resolve({ payloads: [], warnings: [] });
  const start = (ended: AbortSignal): Promise<CohortLook> => {
    look = work(ended);
    return look;
  };
  return await withDeadline(deadline, start).catch(() => look);
}

function resultOf(
  current: PayloadSet | null,
  flags: PayloadSet,
  { payloads: cohorts, warnings }: CohortLook,
): FetchResult {
  const payloads: readonly Payload[] = [...flags, ...cohorts];
  const isSame =
    current !== null &&
    payloads.length === current.length &&
    payloads.every((payload) => current.includes(payload));
  if (isSame && warnings.length === 0) return { kind: "unchanged" };
  return { kind: "payloads", payloads, warnings };
}

/** Finds the cohorts that flags refer to, once for the same bytes. */
function createIdsOf(clock: Clock): (flags: PayloadSet) => Promise<readonly string[]> {
  let known: { readonly bytes: Uint8Array; readonly ids: readonly string[] } | null = null;
  return async ([flags]) => {
    if (flags === undefined) return [];
    const { bytes } = flags;
    if (known?.bytes === bytes) return known.ids;
    try {
      const ids = await runInSlices(referredCohortIds(bytes), clock);
      known = { bytes, ids };
      return ids;
    } catch {
      return []; // the configuration is refused when it is compiled
    }
  };
}

/** Names caches of these servers without showing them. */
function scopeOf(parts: readonly string[]): string {
  return Buffer.from(sha256(Buffer.from(parts.join("\0")))).toString("hex");
}
