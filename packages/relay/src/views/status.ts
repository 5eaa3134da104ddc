import type { ClientStatus } from "@sortition/core";
import type { TokenUses } from "../access/token-uses.js";
import type { DialectName } from "../config/config.js";
import type { Environment } from "../environment/environment.js";
import type { ExposureCounts } from "../environment/logger-slot.js";
import type { EventStreams } from "../http/event-streams.js";
import { VERSION } from "../version.js";

/** One environment, as `/status` shows it. */
export interface EnvironmentStatus {
  readonly name: string;
  readonly dialect: DialectName;
  /** State of the client. */
  readonly client: ClientStatus | null;
  /** Counts of the exposures in this process, by logger. */
  readonly exposures: readonly ExposureCounts[];
  /** State of the fleet; `null` without Redis. */
  readonly fleet: object | null;
  readonly streams: number;
  /** Tokens, with their last requests in this process. */
  readonly tokens: readonly {
    readonly name: string;
    /** ISO 8601; `null`: not seen. */
    readonly lastSeenAt: string | null;
    /** Name and version of the last SDK that named itself. */
    readonly sdk: string | null;
  }[];
  /** Features and experiments that GrowthBook's remote evaluation leaves out, because of a pattern; `null` without it. */
  readonly leftOut: number | null;
  /** What is served, by part. */
  readonly parts: readonly {
    readonly part: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

/** What `/status` answers. */
export interface RelayStatus {
  readonly version: string;
  readonly isReady: boolean;
  readonly environments: readonly EnvironmentStatus[];
}

/** The state of a relay, without keys, tokens and URLs. */
export function statusOf({
  environments,
  isReady,
  streams,
  tokenUses,
}: {
  readonly environments: Iterable<Environment>;
  readonly streams: Pick<EventStreams, "countOf">;
  readonly tokenUses: TokenUses;
  readonly isReady: boolean;
}): RelayStatus {
  return {
    version: VERSION,
    isReady,
    environments: [...environments].map((it) => ({
      name: it.name,
      dialect: it.config.dialect,
      client: it.status,
      exposures: it.exposures.map(withoutZeros),
      fleet: it.fleetStatus,
      streams: streams.countOf(it),
      tokens: it.tokens.all.map((token) => {
        const { lastSeenAtMs = null, sdk = null } = tokenUses.of(token) ?? {};
        const lastSeenAt = lastSeenAtMs === null ? null : new Date(lastSeenAtMs).toISOString();
        return { name: token.name, lastSeenAt, sdk };
      }),
      leftOut: it.growthbookEvaluator?.leftOut ?? null,
      parts: [...(it.answers?.parts ?? [])].map(([part, { bytes, sha256 }]) => ({
        part,
        bytes: bytes.length,
        sha256,
      })),
    })),
  };
}

function withoutZeros({ lost, ...counts }: ExposureCounts): ExposureCounts {
  const reasons = Object.entries(lost).filter(([, count]) => count > 0);
  return { ...counts, lost: Object.fromEntries(reasons) };
}
