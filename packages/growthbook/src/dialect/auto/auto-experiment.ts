import type { ConditionInterface } from "../condition/condition-interface.js";
import type { Experiment, ExperimentStatus } from "../wire.js";

/** What an auto experiment changes. */
export type AutoExperimentChangeType = "redirect" | "visual" | "unknown";

/** A change to a page. */
export type DOMMutation = {
  selector: string;
  action: string;
  attribute: string;
  value?: string;
  parentSelector?: string;
  insertBeforeSelector?: string;
};

/** A variation of an auto experiment. */
export type AutoExperimentVariation = {
  domMutations?: DOMMutation[];
  css?: string;
  js?: string;
  urlRedirect?: string;
};

/** An experiment of the payload that runs by itself. */
export type AutoExperiment<T = AutoExperimentVariation> = Experiment<T> & {
  changeId?: string;
  /** Runs only when it is triggered. */
  manual?: boolean;
};

/** @deprecated Changes that an instance makes to an experiment. */
export type ExperimentOverride = {
  condition?: ConditionInterface;
  weights?: number[];
  active?: boolean;
  status?: ExperimentStatus;
  force?: number;
  coverage?: number;
  groups?: string[];
  namespace?: [string, number, number];
  url?: RegExp | string;
};
