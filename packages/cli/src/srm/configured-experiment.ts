import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import type { ExperimentFlag, ExperimentNames } from "../judge/experiment-names.js";
import { nearText } from "../near.js";
import { type ConfiguredShares, configuredShares, sharesText } from "./configured-shares.js";
import type { ExperimentName } from "./experiment-name.js";

/** An experiment in the configuration. */
export type ConfiguredExperiment = ConfiguredShares & {
  /** The flag that runs the experiment; `null` if there is none or several. */
  readonly flag: string | null;
  readonly allocation: string | null;
};

/** Looks up the experiments of events in a configuration. */
export class ConfiguredExperiments {
  readonly #configuration: Configuration;
  readonly #dialect: CliDialect;
  readonly #experiments: ExperimentNames;

  constructor(configuration: Configuration, dialect: CliDialect) {
    this.#configuration = configuration;
    this.#dialect = dialect;
    this.#experiments = dialect.judge.experiments(configuration);
  }

  /** Whether the configuration contains the experiment, or its flag. */
  has({ experiment, flag }: ExperimentName): boolean {
    if (flag === null) return this.#experiments.flagsOf(`${experiment}`).length > 0;
    return this.#dialect.explainer.payloadKey(this.#configuration, flag) !== null;
  }

  of(name: ExperimentName): ConfiguredExperiment {
    const configured = this.#of(name);
    const { problem } = name;
    return problem === null ? configured : { ...configured, shares: null, problem };
  }

  #of({ allocation, experiment, flag }: ExperimentName): ConfiguredExperiment {
    if (flag !== null) {
      const named = this.#experiments.flagsOf(`${experiment}`).find((it) => it.flag === flag);
      const shares = this.#sharesOf(flag, allocation);
      const isOpen = allocation === null && shares.shares === null && named !== undefined;
      const known = isOpen ? this.#sharesOf(flag, named.allocation) : shares;
      return { flag, allocation, ...known };
    }
    const name = `${experiment}`;
    const flags = this.#experiments.flagsOf(name);
    if (flags.length === 0) {
      const near = nearText(name, this.#experiments.names);
      const problem = `no flag runs the experiment ${JSON.stringify(name)}${near}`;
      return { flag: null, allocation: null, source: null, shares: null, problem };
    }
    return { ...placeOf(flags), ...this.#commonShares(flags) };
  }

  #sharesOf(flag: string, allocation: string | null): ConfiguredShares {
    const key = this.#dialect.explainer.payloadKey(this.#configuration, flag);
    if (key === null) return { source: null, shares: null, problem: "unknown flag" };
    const description = this.#dialect.explainer.describe(this.#configuration, key);
    return configuredShares(description, allocation);
  }

  /** Returns the shares of several flags if they are equal. */
  #commonShares(flags: readonly ExperimentFlag[]): ConfiguredShares {
    const [first, ...others] = flags.map((it) => this.#sharesOf(it.flag, it.allocation)) as [
      ConfiguredShares, // not empty
      ...ConfiguredShares[],
    ];
    const text = textOf(first);
    if (others.every((it) => textOf(it) === text)) {
      return others.length === 0 ? first : { ...first, source: null };
    }
    const count = flags.length === 2 ? "two" : String(flags.length);
    const noun = placeOf(flags).flag === null ? "flags" : "allocations";
    const problem = `${count} ${noun} run the experiment with different shares`;
    return { source: null, shares: null, problem };
  }
}

/** The flag and the allocation that all entries have in common. */
function placeOf(
  flags: readonly ExperimentFlag[],
): Pick<ConfiguredExperiment, "flag" | "allocation"> {
  const [first] = flags;
  const isOneFlag = flags.every(({ flag }) => flag === first?.flag);
  return {
    flag: isOneFlag ? (first?.flag ?? null) : null,
    allocation: flags.length === 1 ? (first?.allocation ?? null) : null,
  };
}

function textOf({ problem, shares }: ConfiguredShares): string {
  return problem ?? sharesText(shares);
}
