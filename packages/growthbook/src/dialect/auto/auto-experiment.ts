import type { ConditionInterface } from "../condition/condition-interface.js";
import type { Experiment, ExperimentStatus } from "../wire.js";

/** The kind of change that an auto experiment makes. */
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

/** An experiment of the payload that runs without a call from the application. */
export type AutoExperiment<T = AutoExperimentVariation> = Experiment<T> & {
  changeId?: string;
  /** If `true`, the experiment runs only when it is triggered. */
  manual?: boolean;
};

/** @deprecated Members of an experiment that an instance replaces. */
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
