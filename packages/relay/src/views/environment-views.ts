import type { Clock, CompileIssue, Configuration } from "@sortition/core";
import type { Explainer, FlagQuestion } from "@sortition/core/dialect";
import { runInSlices } from "@sortition/core/internal";
import type { DialectName } from "../config/config.js";
import type { Environment } from "../environment/environment.js";
import { hasHashedKeys } from "../environment/hashed-keys.js";
import type { ChangedFlag } from "../explain/compare-revisions.js";
import { type ComparedFlag, type Comparison, compareValues } from "../explain/compare-values.js";
import {
  type DescribedFlag,
  describeFlag,
  FLAG_STATES,
  flagStates,
  type ListedFlag,
  listFlags,
} from "../explain/describe-flags.js";
import type { ExplainedAnswer, FlagExplanation } from "../explain/explain-flag.js";
import type {
  FlagValues,
  SubjectAt,
  SubjectCall,
  SubjectFlag,
} from "../explain/explain-subject.js";
import { EXPLAINERS } from "../explain/explainers.js";
import { nearestKey } from "../explain/find-flags.js";
import { type KnownAttribute, knownAttributes } from "../explain/known-attributes.js";
import type { Page } from "../explain/paging.js";
import { findUnread, type UnreadAttribute } from "../explain/unread-attribute.js";
import type { History, SeenRevision } from "../history/history.js";
import { type KeptRevision, keptRevision } from "../history/kept-revision.js";
import { type RevisionThread, TaskTimeout } from "../history/revision-thread.js";
import type { RevisionResults, RevisionTask } from "../history/revision-work.js";
import { EvaluationTurns } from "./evaluation-turns.js";
import { RequestProblem } from "./request-problem.js";

/** The filter that lists flags with issues. */
const ISSUES = "issues";

/** The filter that lists flags without a remote evaluation since the relay started. */
const NOT_EVALUATED = "not-evaluated";

/** Filters for lists of flags: a state, `issues` or `not-evaluated`. */
const FLAG_FILTERS: readonly string[] = [...FLAG_STATES, ISSUES, NOT_EVALUATED];

/** A flag in the list, with the time of the last change that this relay saw. */
export interface FlagRow extends ListedFlag {
  /** Epoch ms; `null`: this relay saw no change. */
  readonly lastChangeAtMs: number | null;
  /** Last remote evaluation since this relay started, epoch ms; `null`: none, or remote evaluation is off. */
  readonly lastEvaluatedAtMs: number | null;
  /** Last remote evaluation that requested this flag by its key, instead of all flags. */
  readonly lastNamedAtMs: number | null;
}

/** The flags of an environment. */
export interface FlagsView extends Page<FlagRow> {
  readonly dialect: DialectName;
  /** Issues that do not belong to a flag. */
  readonly issues: readonly CompileIssue[];
  /** Start of the record of remote evaluations, epoch ms; `null` if remote evaluation is off. */
  readonly evaluatedSinceMs: number | null;
}

/** A flag on its own page. */
export interface FlagView extends DescribedFlag {
  /** Current time, epoch ms, to show whether time windows are open. */
  readonly nowMs: number;
  readonly dialect: DialectName;
  /** Newest first. */
  readonly changes: readonly SeenRevision[];
  /** Last remote evaluation since this relay started, epoch ms; `null`: none, or remote evaluation is off. */
  readonly lastEvaluatedAtMs: number | null;
  /** Start of the record of remote evaluations, epoch ms; `null` if remote evaluation is off. */
  readonly evaluatedSinceMs: number | null;
}

/** Size of the served configuration. */
export interface FlagCounts {
  readonly flags: number;
  /** Includes issues that do not belong to a flag. */
  readonly issues: number;
}

/** The changes of one revision. */
export interface ChangeView {
  readonly revision: SeenRevision;
  readonly before: SeenRevision;
  readonly flags: Page<ChangedFlag>;
}

/** One side of a comparison. */
export interface ComparedSide extends SubjectAt {
  /** `null`: the served configuration. */
  readonly revision: string | null;
}

interface ViewsParts {
  readonly history: History;
  readonly thread: RevisionThread;
  readonly clock: Clock;
}

/** Queries about one environment. Pages and JSON responses use the same results. */
export class EnvironmentViews {
  readonly environment: Environment;
  readonly history: History;
  readonly #explainer: Explainer;
  readonly #thread: RevisionThread;
  readonly #clock: Clock;
  readonly #openedAtMs: number;
  readonly #turns: EvaluationTurns;
  readonly #attributesOf = oncePer((it) => knownAttributes(it, this.#explainer));
  /** Finding the issues decodes all flags, so it is done in slices. */
  readonly #issuesOf = oncePer(async (it): Promise<readonly CompileIssue[]> => {
    await runInSlices(it.inspect(), this.#clock);
    return it.issues;
  });
  readonly #statesOf = oncePer((it) => flagStates(it, this.#explainer, this.#clock));

  constructor(environment: Environment, { clock, history, thread }: ViewsParts) {
    this.#clock = clock;
    this.#openedAtMs = clock.now();
    this.#turns = new EvaluationTurns(clock);
    this.environment = environment;
    this.#explainer = EXPLAINERS[environment.config.dialect];
    this.history = history;
    this.#thread = thread;
  }

  /** Current wall-clock time, epoch ms. */
  get nowMs(): number {
    return this.#clock.now();
  }

  /** Attributes that the rules of the served configuration read. */
  get attributes(): readonly KnownAttribute[] {
    const { configuration } = this.environment;
    return configuration === null ? [] : this.#attributesOf(configuration);
  }

  /** Finds an attribute that no rule of the served configuration reads. Returns `null` if a rule may read it. */
  findUnread(name: string): UnreadAttribute | null {
    const { configuration } = this.environment;
    return configuration === null
      ? null
      : findUnread(configuration, this.#explainer.attributes, this.attributes, name);
  }

  /**
   * Returns the flags whose keys contain `search`, filtered by state. Rejects with a RequestProblem if the state is unknown or
   * there is no configuration yet.
   *
   * @param state - one of `FLAG_FILTERS`; empty for all states.
   */
  async flags(search: string, state: string, from: number): Promise<FlagsView> {
    const configuration = this.#served();
    const { nowMs } = this;
    const issues = await this.#issuesOf(configuration);
    const isListed = await this.#inState(configuration, state, issues);
    const { dialect } = this.environment.config;
    const query = { dialect, search, isListed, from, issues, nowMs };
    const page = listFlags(configuration, this.#explainer, query);
    const { uses } = this.environment;
    const items = page.items.map((it): FlagRow => {
      const { lastEvaluatedAtMs = null, lastNamedAtMs = null } = uses?.get(it.key) ?? {};
      const lastChangeAtMs = this.history.lastChangeOf(it.key);
      return { ...it, lastChangeAtMs, lastEvaluatedAtMs, lastNamedAtMs };
    });
    const outside = issues.filter(({ flagKey }) => flagKey === null);
    return { ...page, dialect, items, issues: outside, evaluatedSinceMs: this.#evaluatedSinceMs };
  }

  /** Counts flags and issues; `null` before the first configuration. */
  async counts(): Promise<FlagCounts | null> {
    const { configuration } = this.environment;
    if (configuration === null) return null;
    const { length } = await this.#issuesOf(configuration);
    return { flags: configuration.flagKeys.size, issues: length };
  }

  get #evaluatedSinceMs(): number | null {
    return this.environment.uses === null ? null : this.#openedAtMs;
  }

  /** Rejects with a RequestProblem if the flag is unknown or there is no configuration yet. */
  async flag(flagKey: string): Promise<FlagView> {
    const configuration = this.#served();
    const { nowMs } = this;
    const { dialect } = this.environment.config;
    const issues = await this.#issuesOf(configuration);
    const flag = describeFlag(configuration, this.#explainer, flagKey, { issues, nowMs });
    if (flag === null) throw noSuchFlag(flagKey, nearestKey(configuration, flagKey));
    const { key } = flag.description;
    const changes = this.history.revisions.filter((it) => it.changes?.has(key));
    const { lastEvaluatedAtMs = null } = this.environment.uses?.get(key) ?? {};
    const evaluatedSinceMs = this.#evaluatedSinceMs;
    return { ...flag, nowMs, dialect, changes, lastEvaluatedAtMs, evaluatedSinceMs };
  }

  /**
   * Returns the changes of a revision. Rejects with a RequestProblem if the revision or the one before it is not kept.
   *
   * @param seenAtMs - identifies a change if several have the same revision; `null`: the newest.
   * @param from - index of the first changed flag.
   */
  async change(revision: string, seenAtMs: number | null, from: number): Promise<ChangeView> {
    const at = this.#kept(revision, seenAtMs);
    const before = this.history.before(at);
    if (before === null) {
      throw new RequestProblem(
        404,
        "the configuration before this change is no longer kept, so there is nothing to compare it with",
      );
    }
    const flags = await this.#ask({ kind: "changes", before, at, from });
    return { revision: at, before, flags };
  }

  /**
   * Evaluates flags for a subject.
   *
   * Rejects with a RequestProblem if the revision is not kept or there is no configuration yet.
   *
   * @param revision - `null`: the served configuration.
   */
  async subject(revision: string | null, call: SubjectCall): Promise<Page<SubjectFlag>> {
    const at = await this.#at(revision);
    const page = await this.#ask({ kind: "subject", at, call });
    if (page.items.length === 0 && hasHashedKeys(this.#served())) {
      throw hashedKeys();
    }
    return page;
  }

  /**
   * Compares the values of flags on two sides. Rejects like {@link subject}.
   *
   * @param there - the side to compare with.
   * @param part - the flags to compare, see {@link SubjectCall}.
   */
  async compare(
    here: ComparedSide,
    there: ComparedSide,
    { from, search }: Pick<SubjectCall, "from" | "search">,
  ): Promise<Comparison> {
    const before = await this.#values(here, search);
    const after = await this.#values(there, search, "compare");
    const page = compareValues(before, after, from);
    if (page.items.length === 0 && hasHashedKeys(this.#served())) throw hashedKeys();
    const left = await this.#explained(
      here,
      page.items.filter((it) => before.values.has(it)),
    );
    const right = await this.#explained(
      there,
      page.items.filter((it) => after.values.has(it)),
    );
    const items = page.items.map(
      (key): ComparedFlag => ({
        key,
        differs: before.values.get(key) !== after.values.get(key),
        here: left.get(key) ?? null,
        there: right.get(key) ?? null,
      }),
    );
    return { ...page, items };
  }

  async #values(
    { revision, ...subject }: ComparedSide,
    search: string,
    field: "compare" | "revision" = "revision",
  ): Promise<FlagValues> {
    const at = await this.#at(revision, field);
    const call = { ...subject, search };
    return await this.#ask({ kind: "values", at, call });
  }

  async #explained(
    { revision, ...subject }: ComparedSide,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, SubjectFlag>> {
    const at = await this.#at(revision);
    const flags = await this.#ask({ kind: "flags", at, subject, keys });
    return new Map(flags.map((it) => [it.key, it]));
  }

  /**
   * Explains the value of one flag for a subject, or suggests a similar key if the flag is unknown.
   *
   * Rejects with a RequestProblem like {@link subject}.
   *
   * @param revision - `null`: the served configuration.
   */
  async findExplanation(revision: string | null, call: FlagQuestion): Promise<FlagExplanation> {
    const at = await this.#at(revision);
    return await this.#ask({ kind: "flag", at, call });
  }

  /** Like {@link findExplanation}, but also rejects if the flag is unknown. */
  async explanation(revision: string | null, call: FlagQuestion): Promise<ExplainedAnswer> {
    const explanation = await this.findExplanation(revision, call);
    if (explanation.kind === "explained") return explanation;
    throw noSuchFlag(explanation.flag, explanation.nearest);
  }

  async #inState(
    configuration: Configuration,
    state: string,
    issues: readonly CompileIssue[],
  ): Promise<((key: string) => boolean) | null> {
    if (state === "") return null;
    if (state === ISSUES) {
      const keys = new Set(issues.map(({ flagKey }) => flagKey));
      return (key) => keys.has(key);
    }
    if (state === NOT_EVALUATED) {
      const { uses } = this.environment;
      if (uses !== null) return (key) => !uses.has(key);
      throw new RequestProblem(
        400,
        `the state ${NOT_EVALUATED} requires remote evaluation, which is not enabled for this environment`,
      );
    }
    if (!FLAG_STATES.some((it) => it === state)) {
      const states = FLAG_FILTERS.join(", ");
      throw new RequestProblem(
        400,
        `unknown state ${JSON.stringify(state)}. Choose one of ${states}`,
      );
    }
    const byKey = await this.#statesOf(configuration);
    return (key) => byKey.get(key) === state;
  }

  #served(): Configuration {
    const { configuration } = this.environment;
    if (configuration !== null) return configuration;
    throw new RequestProblem(
      503,
      "the relay has not received a configuration for this environment yet",
    );
  }

  /** Performs a task in the thread. Rejects with a RequestProblem if it takes too long, or has to wait too long. */
  async #ask<Kind extends RevisionTask["kind"]>(
    task: Extract<RevisionTask, { readonly kind: Kind }>,
  ): Promise<RevisionResults[Kind]> {
    try {
      const ask = () => this.#thread.ask<Kind>(this.environment.config, task);
      return await (task.kind === "changes" ? ask() : this.#turns.run(ask));
    } catch (error) {
      throw error instanceof TaskTimeout ? new RequestProblem(503, TOO_LONG) : error;
    }
  }

  /** Returns a kept revision, or what is served if `revision` is `null`. */
  async #at(
    revision: string | null,
    field: "compare" | "revision" = "revision",
  ): Promise<KeptRevision> {
    const served = this.#served();
    const { answers } = this.environment;
    if (answers !== null && (revision ?? served.revision) === served.revision) {
      return await keptRevision(answers);
    }
    return this.#kept(revision ?? served.revision, null, field);
  }

  /** @param field - the form field that contains the revision. */
  #kept(
    revision: string,
    seenAtMs: number | null,
    field: "compare" | "revision" = "revision",
  ): SeenRevision {
    const found = this.history.find(revision, seenAtMs);
    if (found !== null) return found;
    const oldest = this.history.revisions.at(-1);
    const since =
      oldest === undefined
        ? "No configuration is stored yet"
        : `The oldest one is from ${new Date(oldest.seenAtMs).toISOString()}`;
    throw new RequestProblem(404, `this configuration is not stored. ${since}`, null, field);
  }
}

/** Computes something of a configuration once, because it is slow, until there is another configuration. */
function oncePer<Value>(
  compute: (configuration: Configuration) => Value,
): (configuration: Configuration) => Value {
  let last: { readonly of: Configuration; readonly value: Value } | null = null;
  return (configuration) => {
    if (last?.of !== configuration) last = { of: configuration, value: compute(configuration) };
    return last.value;
  };
}

const TOO_LONG =
  "the evaluation took too long, so it was stopped. Matching a regular expression of a rule probably takes too long with these attributes. Enter shorter values, or look for issues of the flags";

function hashedKeys(): RequestProblem {
  const message = "flag keys are hashed: enter the whole key of a flag";
  return new RequestProblem(400, message, null, "search");
}

function noSuchFlag(flagKey: string, nearest: string | null): RequestProblem {
  const message =
    flagKey === ""
      ? "the address does not name a flag"
      : `there is no flag ${JSON.stringify(flagKey)} in this environment`;
  return new RequestProblem(404, message, nearest);
}
