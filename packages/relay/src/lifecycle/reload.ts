import { isDeepStrictEqual } from "node:util";
import { OptionError } from "@sortition/core/internal";
import type { EnvironmentConfig, RelayConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type Environment, IN_PLACE } from "../environment/environment.js";
import type { ReloadResult } from "../views/reload-result.js";

/** The parts of a relay that a reload uses. */
export interface ReloadParts {
  /** The current configuration. */
  readonly config: RelayConfig;
  readonly environments: Iterable<Environment>;
  open(config: EnvironmentConfig): Promise<Environment>;
  /** Starts serving `next`, then ends `ended`. */
  serve(next: readonly Environment[], ended: readonly Environment[]): Promise<void>;
}

/**
 * Replaces the environments with those of a new configuration. An environment keeps its streams and tickets if nothing or
 * only {@link IN_PLACE} members changed. Otherwise it is replaced once the new one has flags.
 *
 * Rejects with an OptionError or ConfigProblems for a configuration that is invalid or needs a restart. Nothing is changed in
 * that case.
 *
 * @param waitMs - how long a changed environment may take to get its flags.
 */
export async function reload(
  next: RelayConfig,
  { config, environments, open, serve }: ReloadParts,
  waitMs: number,
): Promise<ReloadResult> {
  rejectOtherChanges(config, next);
  const current = new Map([...environments].map((it) => [it.name, it]));
  const opened = new Map<string, Environment>();
  const changed = next.environments.filter((it) => !isSame(current.get(it.name)?.config, it));
  await settleAll(changed.map((it) => async () => opened.set(it.name, await open(it))));
  for (const it of opened.values()) it.start();
  await waitUntilReady(
    [...opened.values()].filter(({ name }) => current.has(name)),
    waitMs,
  );
  const kept = [...opened.values()].filter((it) => current.has(it.name) && it.answers === null);
  for (const it of kept) opened.delete(it.name);
  for (const it of next.environments) {
    const same = current.get(it.name);
    if (!changed.includes(it)) same?.adopt(it);
  }
  const all = next.environments.flatMap(({ name }) => opened.get(name) ?? current.get(name) ?? []);
  const ended = [...current.values()].filter((it) => !all.includes(it));
  await Promise.all([serve(all, ended), ...kept.map((it) => it.close(waitMs))]);
  const names = next.environments.map(({ name }) => name);
  return {
    added: names.filter((it) => opened.has(it) && !current.has(it)),
    replaced: names.filter((it) => opened.has(it) && current.has(it)),
    removed: [...current.keys()].filter((it) => !names.includes(it)),
    unchanged: names.filter((it) => !opened.has(it) && !kept.some(({ name }) => name === it)),
    kept: kept.map(({ name }) => name),
  };
}

/** @throws OptionError for the first member that differs, other than `environments`. */
function rejectOtherChanges(config: RelayConfig, next: RelayConfig): void {
  const { environments, ...others } = config;
  for (const [name, value] of Object.entries(others)) {
    if (isDeepStrictEqual(value, next[name as keyof typeof others])) continue; // both have the same type
    throw new OptionError(name, "a change needs a restart");
  }
}

/** Whether an environment can be kept with another configuration. */
function isSame(config: EnvironmentConfig | undefined, next: EnvironmentConfig): boolean {
  return config !== undefined && isDeepStrictEqual(fixedIn(config), fixedIn(next));
}

/** Returns a configuration without its paths in the file and without the members that change in place. */
function fixedIn({ loggers, ...config }: EnvironmentConfig): object {
  const others = Object.entries(config).filter(([name]) => !IN_PLACE.has(name));
  return {
    ...Object.fromEntries(others),
    loggers: loggers.map(({ options, type }) => ({ options, type })),
  };
}

async function waitUntilReady(all: readonly Environment[], waitMs: number): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, waitMs).unref());
  await Promise.race([Promise.all(all.map((it) => it.waitUntilReady())), late]);
}
