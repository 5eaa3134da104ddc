import { parseUrl } from "@sortition/core/internal";
import type { AutoExperiment, AutoExperimentVariation } from "../dialect/auto/auto-experiment.js";
import { isBlocked } from "../dialect/auto/blocked.js";
import { getAutoExperimentChangeType } from "../dialect/auto/change-type.js";
import { isURLTargeted } from "../dialect/url/targeting.js";
import type { Experiment, Result } from "../dialect/wire.js";
import { guarded, type Reports } from "../messages/reports.js";
import type { OptionsWithoutPlugins } from "./options.js";

/** The instance whose auto experiments are run. */
export interface AutoExperimentHost {
  readonly options: OptionsWithoutPlugins;
  readonly reports: Reports;
  url(): string;
  experiments(): readonly AutoExperiment[];
  /** Runs an experiment and remembers its result. */
  run<T>(experiment: Experiment<T>): Result<T>;
  /** The result of an experiment that was not run. */
  out<T>(experiment: Experiment<T>): Result<T>;
  log(message: string, facts: Record<string, unknown>): void;
}

/**
 * Runs the payload's own experiments without a page. They are assigned and tracked, and redirects are passed to
 * `navigate`. Page changes are ignored on a server.
 */
export class AutoExperiments {
  /** URL of the user's redirect experiment, or empty if there is none. */
  redirectUrl = "";
  /** Whether experiments run without a trigger. */
  isAllowed: boolean;
  readonly #host: AutoExperimentHost;
  readonly #triggered = new Set<string>();

  constructor(host: AutoExperimentHost) {
    this.#host = host;
    this.isAllowed = !host.options.disableExperimentsOnLoad;
  }

  /** Runs all experiments, up to the first redirect that includes the user. */
  runAll(): void {
    if (!this.isAllowed) return;
    for (const experiment of this.#host.experiments()) {
      const result = this.#runSafely(experiment);
      const isIn = result?.inExperiment === true;
      if (isIn && getAutoExperimentChangeType(experiment) === "redirect") break;
    }
  }

  /** Runs the experiments with this key, including manual ones. */
  trigger(key: string): Result<AutoExperimentVariation>[] {
    this.#triggered.add(key);
    return this.#host
      .experiments()
      .filter((experiment) => experiment?.key === key)
      .map((experiment) => this.#runSafely(experiment))
      .filter((result) => result !== null);
  }

  /** Forgets which experiments were triggered. */
  clear(): void {
    this.#triggered.clear();
  }

  /** A malformed experiment must not stop the others. */
  #runSafely(experiment: AutoExperiment): Result<AutoExperimentVariation> | null {
    try {
      return this.#run(experiment);
    } catch (cause) {
      this.#host.reports.error("auto experiment not run: malformed", cause);
      return null;
    }
  }

  #run(experiment: AutoExperiment): Result<AutoExperimentVariation> | null {
    if (experiment.manual && !this.#triggered.has(experiment.key)) return null;
    const { options } = this.#host;
    const isOff = isBlocked(experiment, this.#host.url(), options, (error) => {
      this.#host.log("Error parsing current or redirect URL", { id: experiment.key, error });
    });
    if (isOff) {
      this.#host.log("Auto experiment blocked", { id: experiment.key });
      return this.#host.out(experiment);
    }
    const result = this.#host.run(experiment);
    if (result.inExperiment && getAutoExperimentChangeType(experiment) === "redirect") {
      this.#redirect(experiment, result.value?.urlRedirect);
    }
    return result;
  }

  #redirect(experiment: AutoExperiment, target: string | undefined): void {
    const { urlPatterns, persistQueryString, key: id } = experiment;
    if (!target || !urlPatterns) return;
    const url = persistQueryString ? mergeQueryStrings(this.#host.url(), target) : target;
    if (isURLTargeted(url, urlPatterns)) {
      this.#host.log("Skipping redirect because original URL matches redirect URL", { id });
      return;
    }
    this.redirectUrl = url;
    const { navigate } = this.#host.options;
    if (!navigate) return;
    guarded("navigate failed", this.#host, () => navigate(url));
  }
}

/** Adds the query parameters of the old URL that the new one lacks. */
function mergeQueryStrings(oldUrl: string, newUrl: string): string {
  if (parseUrl(oldUrl) === null || parseUrl(newUrl) === null) return newUrl;
  const target = new URL(newUrl);
  for (const [name, value] of new URL(oldUrl).searchParams) {
    if (!target.searchParams.has(name)) target.searchParams.set(name, value);
  }
  return target.toString();
}
