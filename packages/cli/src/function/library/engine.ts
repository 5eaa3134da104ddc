import type { Configuration } from "@sortition/core";
import type { ExposureBase, ValueType } from "@sortition/core/dialect";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { eventTimeOf } from "../../events/event-time.js";
import { PLAIN_EXPOSURE } from "../../events/exposure-row.js";
import { type Decision, FlagJudge, type JudgeRules } from "../../judge/flag-judge.js";
import { judgeExposure } from "../../replay/judgement.js";

/**
 * The functions that a warehouse calls for each row. They never throw, because an error would abort the whole query.
 */
export interface RowEngine {
  /** Evaluates a flag. The arguments are `(flag, subject, attributes, now_ms)`, unvalidated. */
  assign(...row: readonly unknown[]): Assignment | BadRow;
  /**
   * Judges a logged exposure. The arguments of `assign` are followed by the logged `(variation, allocation,
   * experiment)`.
   */
  replay(...row: readonly unknown[]): ReplayedRow;
}

/** The result of a flag for a subject. All members are `null` if nothing is assigned. */
export interface Assignment {
  readonly variation: string | null;
  readonly allocation: string | null;
  /** The experiment as named in the exposure; `null` if this assignment is not logged. */
  readonly experiment: string | null;
  readonly value: unknown;
  /** An attribute that a rule read and that the row lacks. */
  readonly missing: string | null;
}

/** A judged exposure. The kind is one of `sortition replay`, or `bad-row`. */
export interface ReplayedRow {
  readonly kind: string;
  /** The invalid argument of a bad row. */
  readonly detail: string | null;
}

/** A row that could not be evaluated. */
export interface BadRow extends ReplayedRow {
  readonly kind: "bad-row";
}

/** How a dialect is evaluated in a warehouse. */
export interface RowDialect {
  readonly rules: JudgeRules;
  /** The type to request the value as; `null` for the flag's own type. It affects only the value. */
  readonly valueType: ValueType | null;
}

/** The first four arguments of both functions. */
interface Row {
  readonly flag: string;
  readonly subject: string;
  readonly attributes: JsonObject;
  readonly timeMs: number;
}

/** Creates an engine that evaluates rows with one configuration. */
export function rowEngine(
  configuration: Configuration,
  { rules, valueType }: RowDialect,
): RowEngine {
  const judge = new FlagJudge(configuration, rules);
  const valued = { ...rules, askedType: valueType };
  const valueJudge = valueType === rules.askedType ? null : new FlagJudge(configuration, valued);
  return {
    assign: (...given) =>
      guarded(() => {
        const row = readRow(given, rules);
        if (typeof row === "string") return badRow(row);
        const { attributes, flag, subject: key, timeMs } = row;
        const decision = judge.decide(flag, { key, attributes }, timeMs, true);
        if (decision.kind === "no-flag") return badRow("flag");
        const valued = valueJudge?.decide(flag, { key, attributes }, timeMs, false) ?? decision;
        return assignmentOf(flag, decision, valued);
      }),
    replay: (...given) =>
      guarded(() => {
        const row = readRow(given, rules);
        if (typeof row === "string") return badRow(row);
        const [variation, allocation, experiment] = given.slice(4);
        if (!isTextOrAbsent(variation)) return badRow("variation");
        if (!isTextOrAbsent(allocation)) return badRow("allocation");
        if (!isTextOrAbsent(experiment)) return badRow("experiment");
        return judgeExposure(
          {
            ...row,
            ...PLAIN_EXPOSURE,
            variation: variation ?? null,
            allocation: allocation ?? null,
            experiment: experiment ?? null,
          },
          judge,
        );
      }),
  };
}

/** Returns the row, or the name of the invalid argument. SQL's NULL is `null` or `undefined`. */
function readRow(
  [flag, subject, attributes, nowMs]: readonly unknown[],
  { ofColumns }: JudgeRules,
): Row | string {
  if (typeof flag !== "string" || flag === "") return "flag";
  if (typeof subject !== "string" || subject === "") return "subject";
  const members = attributes ?? {};
  if (!isJsonObject(members)) return "attributes";
  const timeMs = typeof nowMs === "number" ? eventTimeOf(nowMs, null) : "";
  if (typeof timeMs === "string") return "now_ms";
  return { flag, subject, attributes: ofColumns?.(members, subject) ?? members, timeMs };
}

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return typeof value === "string" || value === null || value === undefined;
}

function badRow(detail: string): BadRow {
  return { kind: "bad-row", detail };
}

/** Catches stack overflows, which deeply nested attributes may cause. */
function guarded<Result>(evaluate: () => Result): Result | BadRow {
  try {
    return evaluate();
  } catch {
    return badRow("attributes");
  }
}

function assignmentOf(flag: string, decision: Decision, valued: Decision): Assignment {
  const { allocation, exposure, missing, variation } = decision;
  return {
    variation,
    allocation,
    experiment: exposure === null ? null : experimentOf(flag, exposure),
    value: parsedValue(valued),
    missing,
  };
}

function experimentOf(flag: string, { allocation, experiment }: ExposureBase): string | null {
  if (experiment !== null) return experiment;
  return allocation === null ? null : `${flag}-${allocation}`;
}

function parsedValue({ isJson, value }: Decision): unknown {
  return isJson ? JSON.parse(value as string) : (value ?? null); // JSON values are strings
}
