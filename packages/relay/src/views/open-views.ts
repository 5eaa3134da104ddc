import type { Worker } from "node:worker_threads";
import type { Clock, Diagnostics } from "@sortition/core";
import type { Environment } from "../environment/environment.js";
import { historyOf } from "../history/history-of.js";
import { RevisionThread } from "../history/revision-thread.js";
import { EnvironmentViews } from "./environment-views.js";
import { LastHour } from "./last-hour.js";
import { LiveFeed } from "./live-feed.js";
import type { RelayViews } from "./relay-views.js";

export interface OpenViewsOptions {
  readonly clock: Clock;
  /** Diagnostics of one environment, by its name. */
  readonly diagnosticsOf: (environment: string) => Diagnostics;
  /** Starts the worker thread that compiles stored revisions. Replaced in tests. */
  readonly startThread: (() => Worker) | undefined;
}

/** The views of all environments that a relay serves. */
export class OpenViews {
  readonly #clock: Clock;
  readonly #diagnosticsOf: (environment: string) => Diagnostics;
  readonly #thread: RevisionThread;
  readonly #views = new Map<string, EnvironmentViews>();

  constructor({ clock, diagnosticsOf, startThread }: OpenViewsOptions) {
    this.#clock = clock;
    this.#diagnosticsOf = diagnosticsOf;
    this.#thread = new RevisionThread(startThread);
  }

  /** By the name of the environment, in the order of the configuration. */
  get byName(): RelayViews {
    return this.#views;
  }

  /**
   * Opens views of new environments, and drops those of environments that are not listed. Resolves once their histories are on
   * disk, because a new environment of the same name reads them.
   */
  async show(environments: readonly Environment[]): Promise<void> {
    const known = new Map([...this.#views.values()].map((it) => [it.environment, it]));
    const dropped = [...known.values()].filter((it) => !environments.includes(it.environment));
    await Promise.all(dropped.map(({ history }) => history.settled()));
    this.#views.clear();
    for (const it of environments) this.#views.set(it.name, known.get(it) ?? this.#open(it));
    for (const it of dropped) it.close();
  }

  /** Resolves once the histories are on disk. */
  async settled(): Promise<void> {
    await Promise.all([...this.#views.values()].map(({ history }) => history.settled()));
  }

  /** Ends the views and their thread. Views of kept revisions reject from now on. */
  async close(): Promise<void> {
    for (const it of this.#views.values()) it.close();
    await this.#thread.close();
  }

  #open(environment: Environment): EnvironmentViews {
    const clock = this.#clock;
    const { config, name } = environment;
    const history = historyOf(environment, { clock, diagnostics: this.#diagnosticsOf(name) });
    const live = config.loggers.length === 0 ? null : new LiveFeed(environment, clock);
    const lastHour = new LastHour(environment, clock);
    const parts = { clock, history, lastHour, live, thread: this.#thread };
    return new EnvironmentViews(environment, parts);
  }
}
