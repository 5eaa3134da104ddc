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
  type FlagState,
  flagStates,
  type ListedFlag,
  listFlags,
} from "../explain/describe-flags.js";
import {
  type ExplainedAnswer,
  explainFlag,
  type FlagExplanation,
} from "../explain/explain-flag.js";
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
import { nearestKey } from "../explain/find-flags.js";
import { type KnownAttribute, knownAttributes } from "../explain/known-attributes.js";
import type { Page } from "../explain/paging.js";
import { findUnread, type UnreadAttribute } from "../explain/unread-attribute.js";
import type { History, SeenRevision } from "../history/history.js";
import type { RevisionThread } from "../history/revision-thread.js";
import type { LastHour } from "./last-hour.js";
import type { LiveFeed } from "./live-feed.js";
import { RequestProblem } from "./request-problem.js";

/** Lists the flags with issues. */
const ISSUES = "issues";

/** What lists of flags can be filtered by: a state, or `issues`. */
export const FLAG_FILTERS: readonly string[] = [...FLAG_STATES, ISSUES];

/** A flag in the list, and when it last changed as far as this relay saw it. */
export interface FlagRow extends ListedFlag {
  /** Epoch ms; `null`: it did not. */
  readonly lastChangeAtMs: number | null;
  /** Last remote evaluation since this relay started, epoch ms; `null`: none, or nothing is evaluated. */
  readonly lastEvaluatedAtMs: number | null;
  /** The last one that named this flag, instead of all flags. */
  readonly lastNamedAtMs: number | null;
}

/** The flags of an environment. */
export interface FlagsView extends Page<FlagRow> {
  /** Problems outside of flags. */
  readonly issues: readonly CompileIssue[];
  /** Whether flags are evaluated remotely. */
  readonly isEvaluated: boolean;
}

/** One flag. */
export interface FlagView extends DescribedFlag {
  /** Epoch ms, which says whether windows are open. */
  readonly nowMs: number;
  readonly dialect: DialectName;
  /** The newest one first. */
  readonly changes: readonly SeenRevision[];
  /** Last remote evaluation since this relay started, epoch ms; `null`: none, or nothing is evaluated. */
  readonly lastEvaluatedAtMs: number | null;
}

/** One change. */
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
  readonly lastHour: LastHour;
  readonly live: LiveFeed | null;
  readonly thread: RevisionThread;
  readonly clock: Clock;
}

/** What people and scripts can ask about one environment: pages and JSON are made of the same answers. */
export class EnvironmentViews {
  readonly environment: Environment;
  readonly history: History;
  /** Exposures as they are logged; `null` where there are no loggers. */
  readonly live: LiveFeed | null;
  readonly lastHour: LastHour;
  readonly #explainer: Explainer;
  readonly #thread: RevisionThread;
  readonly #clock: Clock;
  #known: {
    readonly of: Configuration;
    readonly attributes: readonly KnownAttribute[];
  } | null = null;
  #issues: {
    readonly of: Configuration;
    readonly list: Promise<readonly CompileIssue[]>;
  } | null = null;
  #states: {
    readonly of: Configuration;
    readonly byKey: Promise<ReadonlyMap<string, FlagState>>;
  } | null = null;

  constructor(environment: Environment, { clock, history, lastHour, live, thread }: ViewsParts) {
    this.#clock = clock;
    this.environment = environment;
    this.#explainer = EXPLAINERS[environment.config.dialect];
    this.history = history;
    this.live = live;
    this.lastHour = lastHour;
    this.#thread = thread;
  }

  /** Ends its streams and timers. */
  close(): void {
    this.live?.close();
    this.lastHour.close();
  }

  /** The time that people mean by "now", epoch ms. */
  get nowMs(): number {
    return this.#clock.now();
  }

  /** Attributes that the rules of the served configuration read. */
  get attributes(): readonly KnownAttribute[] {
    const { configuration } = this.environment;
    if (configuration === null) return [];
    if (this.#known?.of !== configuration) {
      const attributes = knownAttributes(configuration, this.environment.config.dialect);
      this.#known = { of: configuration, attributes };
    }
    return this.#known.attributes;
  }

  /** Returns `null` if a rule of the served configuration may read an attribute. */
  findUnread(name: string): UnreadAttribute | null {
    const { config, configuration } = this.environment;
    return configuration === null
      ? null
      : findUnread(configuration, config.dialect, this.attributes, name);
  }

  /**
   * The flags whose keys contain a text, in one state. Rejects with a RequestProblem for an unknown state, and before the first
   * configuration.
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
    return { ...page, items, issues: outside, isEvaluated: uses !== null };
  }

  /** Rejects with a RequestProblem for an unknown flag, and before the first configuration. */
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
    return { ...flag, nowMs, dialect, changes, lastEvaluatedAtMs };
  }

  /**
   * What changed by a revision. Rejects with a RequestProblem for one that is not kept, or has none before it.
   *
   * @param seenAtMs - tells apart changes to the same revision; `null`: the newest one.
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
    const { config } = this.environment;
    const flags = await this.#thread.ask(config, { kind: "changes", before, at, from });
    return { revision: at, before, flags };
  }

  /**
   * Evaluates flags for a subject.
   *
   * Rejects with a RequestProblem for a revision that is not kept, and before the first configuration.
   *
   * @param revision - `null`: what is served.
   */
  async subject(revision: string | null, call: SubjectCall): Promise<Page<SubjectFlag>> {
    const { config } = this.environment;
    const at = this.#earlier(revision);
    const page =
      at === null
        ? explainSubject(this.#served(), config.dialect, call)
        : await this.#thread.ask(config, { kind: "subject", at, call });
    if (page.items.length === 0 && hasHashedKeys(this.#served())) {
      throw hashedKeys();
    }
    return page;
  }

  /**
   * Compares the values of flags on two sides. Rejects as {@link subject}.
   *
   * @param there - the side to compare with.
   * @param part - the flags: see {@link SubjectCall}.
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
    const { config } = this.environment;
    const at = this.#earlier(revision, field);
    const call = { ...subject, search };
    return at === null
      ? evaluateFlags(this.#served(), config.dialect, call)
      : await this.#thread.ask(config, { kind: "values", at, call });
  }

  async #explained(
    { revision, ...subject }: ComparedSide,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, SubjectFlag>> {
    const { config } = this.environment;
    const at = this.#earlier(revision);
    const flags =
      at === null
        ? explainFlags(this.#served(), config.dialect, subject, keys)
        : await this.#thread.ask(config, { kind: "flags", at, subject, keys });
    return new Map(flags.map((it) => [it.key, it]));
  }

  /**
   * Explains what a subject gets from one flag, if there is such a flag.
   *
   * Rejects with a RequestProblem as {@link subject}.
   *
   * @param revision - `null`: what is served.
   */
  async findExplanation(revision: string | null, call: FlagQuestion): Promise<FlagExplanation> {
    const { config } = this.environment;
    const at = this.#earlier(revision);
    return at === null
      ? explainFlag(this.#served(), config.dialect, call)
      : await this.#thread.ask(config, { kind: "flag", at, call });
  }

  /** Explains what a subject gets from one flag. Rejects also for an unknown flag, see {@link findExplanation}. */
  async explanation(revision: string | null, call: FlagQuestion): Promise<ExplainedAnswer> {
    const explanation = await this.findExplanation(revision, call);
    if (explanation.kind === "explained") return explanation;
    throw noSuchFlag(explanation.flag, explanation.nearest);
  }

  /** The issues of a configuration. Finding them decodes all flags, so it is done once, in slices. */
  async #issuesOf(configuration: Configuration): Promise<readonly CompileIssue[]> {
    if (this.#issues?.of !== configuration) {
      const inspected = runInSlices(configuration.inspect(), this.#clock);
      this.#issues = { of: configuration, list: inspected.then(() => configuration.issues) };
    }
    return await this.#issues.list;
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
    if (!FLAG_STATES.some((it) => it === state)) {
      const states = FLAG_FILTERS.join(", ");
      throw new RequestProblem(
        400,
        `unknown state ${JSON.stringify(state)}. Choose one of ${states}`,
      );
    }
    // Describing all flags takes long, so it is done once.
    if (this.#states?.of !== configuration) {
      const byKey = flagStates(configuration, this.#explainer, this.#clock);
      this.#states = { of: configuration, byKey };
    }
    const byKey = await this.#states.byKey;
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

  /** A kept revision; `null`: it is the one that is served. */
  #earlier(
    revision: string | null,
    field: "compare" | "revision" = "revision",
  ): SeenRevision | null {
    if (revision === null || revision === this.environment.configuration?.revision) return null;
    return this.#kept(revision, null, field);
  }

  /** @param field - the form field that has the revision. */
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
        ? "none is kept so far"
        : `the oldest one is from ${new Date(oldest.seenAtMs).toISOString()}`;
    throw new RequestProblem(404, `this configuration is not kept; ${since}`, null, field);
  }
}

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
