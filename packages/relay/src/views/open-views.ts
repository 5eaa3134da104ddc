import type { Worker } from "node:worker_threads";
import type { Clock, Diagnostics } from "@sortition/core";
import type { Environment } from "../environment/environment.js";
import { History } from "../history/history.js";
import { RevisionThread } from "../history/revision-thread.js";
import { EnvironmentViews } from "./environment-views.js";
import type { RelayViews } from "./relay-views.js";

/** The views of all environments that a relay serves. */
export class OpenViews {
  readonly #clock: Clock;
  readonly #diagnosticsOf: (environment: string) => Diagnostics;
  readonly #thread: RevisionThread;
  readonly #views = new Map<string, EnvironmentViews>();

  /**
   * @param diagnosticsOf - returns the diagnostics of one environment, by its name.
   * @param startThread - starts the worker thread that explains. Replaced in tests.
   */
  constructor(
    clock: Clock,
    diagnosticsOf: (environment: string) => Diagnostics,
    startThread: (() => Worker) | undefined,
  ) {
    this.#clock = clock;
    this.#diagnosticsOf = diagnosticsOf;
    this.#thread = new RevisionThread(clock, startThread);
  }

  /** By the name of the environment, in the order of the configuration. */
  get byName(): RelayViews {
    return this.#views;
  }

  /** Opens views of new environments, and drops those of environments that are not listed. */
  show(environments: readonly Environment[]): void {
    const known = new Map([...this.#views.values()].map((it) => [it.environment, it]));
    this.#views.clear();
    for (const it of environments) {
      const views = known.get(it) ?? this.#open(it);
      views.history.maxBytes = it.memory.history;
      this.#views.set(it.name, views);
    }
  }

  /** Ends the thread. Explanations reject from now on. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  #open(environment: Environment): EnvironmentViews {
    const clock = this.#clock;
    const { config, memory, name } = environment;
    const diagnostics = this.#diagnosticsOf(name);
    const history = new History({
      ...{ clock, diagnostics },
      dialect: config.dialect,
      maxBytes: memory.history,
    });
    const record = (): void => {
      const { answers, configuration } = environment;
      if (answers !== null && configuration !== null) history.record(configuration, answers);
    };
    record();
    environment.onChange(record);
    return new EnvironmentViews(environment, { clock, history, thread: this.#thread });
  }
}
