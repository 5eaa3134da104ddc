import { isDeepStrictEqual } from "node:util";
import type { Clock } from "@sortition/core";
import { OptionError, within } from "@sortition/core/internal";
import type { Token } from "../access/tokens.js";
import type { EnvironmentConfig, RelayConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import type { Environment } from "../environment/environment.js";
import { fixedMembers } from "../environment/in-place.js";
import type { PreparedChange } from "../environment/prepared-change.js";
import type { ReloadResult } from "../views/reload-result.js";

/** Time limit for closing an environment that was never served. */
const UNUSED_MS = 500;
/** Time limit for fetching what a former environment has received meanwhile. */
const CATCH_UP_MS = 1_000;
/** How long a changed environment may take to get its flags. */
const REPLACED_MS = 10_000;

/** The parts of a relay that a reload uses. */
export interface ReloadParts {
  readonly clock: Clock;
  /** The current configuration. */
  readonly config: RelayConfig;
  readonly environments: Iterable<Environment>;
  /** Aborted when the relay ends. Nothing is changed after that. */
  readonly signal: AbortSignal;
  open(config: EnvironmentConfig): Promise<Environment>;
  /** Ends the streams that were opened with these tokens. */
  endStreams(tokens: ReadonlySet<Token>): void;
  /** Starts serving `next`, then ends `ended`. */
  serve(next: readonly Environment[], ended: readonly Environment[]): Promise<void>;
}

/**
 * Changes the environments to those of a new configuration. If only members changed that need no new environment, it keeps
 * its streams, tickets, counts and waiting exposures. Otherwise it is replaced once the new one has flags, at least as new
 * as those of the former one.
 *
 * Rejects with an OptionError or ConfigProblems for a configuration that is invalid or needs a restart, and if the relay
 * ends. Nothing is changed in these cases.
 */
export async function reload(
  next: RelayConfig,
  { clock, config, endStreams, environments, open, serve, signal }: ReloadParts,
): Promise<ReloadResult> {
  rejectOtherChanges(config, next);
  const current = new Map([...environments].map((it) => [it.name, it]));
  const opened = new Map<string, Environment>();
  const prepared = new Map<string, PreparedChange>();
  const discard = async (): Promise<void> => {
    const changes = [...prepared.values(), ...[...opened.values()].map((it) => it.prepared)];
    await Promise.all(changes.map(({ loggers }) => loggers.discard()));
    await Promise.all([...opened.values()].map((it) => it.close(UNUSED_MS)));
  };
  const openOrPrepare = async (it: EnvironmentConfig): Promise<void> => {
    const known = current.get(it.name);
    if (known !== undefined && isDeepStrictEqual(fixedMembers(known.config), fixedMembers(it))) {
      prepared.set(it.name, await known.prepare(it));
    } else opened.set(it.name, await open(it));
  };
  try {
    await settleAll(next.environments.map((it) => () => openOrPrepare(it)));
    for (const it of opened.values()) it.start();
    const replacements = replacementsIn([...opened.values()], current);
    const ready = Promise.all(replacements.map(({ next }) => next.waitUntilReady()));
    const limit = { clock, signal, holdsProcess: false };
    await within({ ...limit, timeoutMs: REPLACED_MS }, () => ready);
    await within({ ...limit, timeoutMs: CATCH_UP_MS }, () => catchUp(replacements));
    signal.throwIfAborted();
  } catch (error) {
    await discard();
    throw error;
  }
  const kept = [...opened.values()].filter((it) => current.has(it.name) && it.answers === null);
  for (const it of kept) {
    opened.delete(it.name);
    prepared.set(it.name, it.prepared);
  }
  for (const it of next.environments) {
    const change = prepared.get(it.name);
    const ended = change === undefined ? null : current.get(it.name)?.adopt(it, change);
    if (ended) endStreams(ended);
  }
  const all = next.environments.flatMap(({ name }) => opened.get(name) ?? current.get(name) ?? []);
  const ended = [...current.values()].filter((it) => !all.includes(it));
  await Promise.all([serve(all, ended), ...kept.map((it) => it.close(UNUSED_MS))]);
  // The next reload may use their names again.
  await Promise.all(all.map((it) => it.loggersSettled()));
  const names = next.environments.map(({ name }) => name);
  return {
    added: names.filter((it) => opened.has(it) && !current.has(it)),
    replaced: names.filter((it) => opened.has(it) && current.has(it)),
    removed: [...current.keys()].filter((it) => !names.includes(it)),
    unchanged: names.filter((it) => !opened.has(it) && !kept.some(({ name }) => name === it)),
    kept: kept.map(({ name }) => name),
  };
}

/** @throws OptionError for the first member that differs and needs a restart. */
function rejectOtherChanges(config: RelayConfig, next: RelayConfig): void {
  const [before, after] = [config, next].map(({ admin, environments: _, ...others }) => {
    const { password: __, ...fixed } = admin;
    return { ...others, admin: fixed };
  });
  for (const [name, value] of Object.entries(before ?? {})) {
    if (isDeepStrictEqual(value, after?.[name as keyof typeof after])) continue;
    throw new OptionError(name, "a change needs a restart");
  }
}

/** An environment and the one that it replaces. */
interface Replacement {
  readonly next: Environment;
  readonly former: Environment;
  /** What the former one served when the new one fetched. */
  known: Environment["answers"];
}

function replacementsIn(
  opened: readonly Environment[],
  current: ReadonlyMap<string, Environment>,
): readonly Replacement[] {
  return opened.flatMap((next) => {
    const former = current.get(next.name);
    return former === undefined ? [] : [{ next, former, known: former.answers }];
  });
}

/** Fetches again what former environments have received meanwhile, because clients that have it must get nothing older. */
async function catchUp(replacements: readonly Replacement[]): Promise<void> {
  for (;;) {
    const outdated = replacements.filter(({ former, known }) => former.answers !== known);
    if (outdated.length === 0) return;
    for (const it of outdated) it.known = it.former.answers;
    await Promise.all(outdated.map(({ next }) => next.refresh()));
  }
}
