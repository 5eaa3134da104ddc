import type { Configuration } from "@sortition/core";
import type { FlagQuestion } from "@sortition/core/dialect";
import type { EnvironmentConfig } from "../config/config.js";
import { dialectOf } from "../environment/sources.js";
import { type ChangedFlag, compareRevisions } from "../explain/compare-revisions.js";
import { explainFlag, type FlagExplanation } from "../explain/explain-flag.js";
import {
  evaluateFlags,
  explainFlags,
  explainSubject,
  type FlagValues,
  type SubjectAt,
  type SubjectCall,
  type SubjectFlag,
} from "../explain/explain-subject.js";
import { EXPLAINERS } from "../explain/explainers.js";
import type { Page } from "../explain/paging.js";
import { type KeptRevision, loadKept } from "./kept-revision.js";

/** The settings of an environment that compiling its configurations needs. */
export type Dialected = Pick<
  EnvironmentConfig,
  "name" | "dialect" | "evaluate" | "options" | "path"
>;

/** A question about configurations that can be sent to another thread. */
export type RevisionTask =
  | { readonly kind: "subject"; readonly at: KeptRevision; readonly call: SubjectCall }
  | {
      readonly kind: "values";
      readonly at: KeptRevision;
      readonly call: Omit<SubjectCall, "from">;
    }
  | {
      readonly kind: "flags";
      readonly at: KeptRevision;
      readonly subject: SubjectAt;
      readonly keys: readonly string[];
    }
  | { readonly kind: "flag"; readonly at: KeptRevision; readonly call: FlagQuestion }
  | {
      readonly kind: "changes";
      readonly before: KeptRevision;
      readonly at: KeptRevision;
      /** Index of the first changed flag. */
      readonly from: number;
    };

/** Results by the kind of task. */
export interface RevisionResults {
  readonly subject: Page<SubjectFlag>;
  readonly values: FlagValues;
  readonly flags: readonly SubjectFlag[];
  readonly flag: FlagExplanation;
  readonly changes: Page<ChangedFlag>;
}

/** A comparison needs two configurations. */
const MAX_COMPILED = 2;

/** Compiles kept revisions, one at a time, and keeps the last two. */
export class RevisionWork {
  readonly #compiled = new Map<string, Configuration>();

  /** Rejects with a DecodeError for a revision that cannot be compiled. */
  async do(
    environment: Dialected,
    task: RevisionTask,
  ): Promise<RevisionResults[keyof RevisionResults]> {
    const { dialect } = environment;
    switch (task.kind) {
      case "subject":
        return explainSubject(await this.#compile(environment, task.at), dialect, task.call);
      case "values":
        return evaluateFlags(await this.#compile(environment, task.at), dialect, task.call);
      case "flags": {
        const configuration = await this.#compile(environment, task.at);
        return explainFlags(configuration, dialect, task.subject, task.keys);
      }
      case "flag":
        return explainFlag(await this.#compile(environment, task.at), dialect, task.call);
      case "changes": {
        const before = await this.#compile(environment, task.before);
        const now = await this.#compile(environment, task.at);
        return compareRevisions(before, now, EXPLAINERS[dialect], task.from);
      }
    }
  }

  async #compile(environment: Dialected, kept: KeptRevision): Promise<Configuration> {
    const name = JSON.stringify([environment, kept.revision]); // a reload may change the options
    const configuration =
      this.#compiled.get(name) ?? (await loadKept(kept, dialectOf(environment)));
    this.#compiled.delete(name);
    this.#compiled.set(name, configuration);
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= MAX_COMPILED) break;
      this.#compiled.delete(oldest);
    }
    return configuration;
  }
}
