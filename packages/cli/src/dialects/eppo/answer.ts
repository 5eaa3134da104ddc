import type { AssignmentDetails, Client } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { withUncheckedOverrides } from "@sortition/core/internal";
import type { CliAnswer, LineTime } from "../dialect.js";
import { assignmentEventOf, type EventLog } from "./events.js";
import type { AssignmentRequest } from "./request.js";

type Asked = AssignmentDetails<unknown, EvaluationDetails>;

export interface EppoParts {
  readonly client: Client<EvaluationDetails>;
  /** The client's logger; `null`: results contain no events. */
  readonly log: EventLog | null;
}

/** Passed instead of the default, to find out whether the default was returned. */
const DEFAULT_TAKEN: object = Object.freeze({});

/** Answers a call of a typed getter as the vendor's SDK would. */
export function answerAssignment(
  { client, log }: EppoParts,
  request: AssignmentRequest,
  time: LineTime,
): CliAnswer {
  const { overrides, defaultValue, getter } = request;
  const asked = overrides === undefined ? client : withUncheckedOverrides(client, overrides);
  const isJsonText = getter === "getJSONAssignmentDetails" && typeof defaultValue === "string";
  let parsedDefault: unknown;
  try {
    // Quirk: the vendor parses a default that is a string first, outside any `try` (eppo).
    if (isJsonText) parsedDefault = JSON.parse(defaultValue);
  } catch (error) {
    return { kind: "throws", error };
  }
  log?.clear();
  const result = ask(asked, request, isJsonText ? DEFAULT_TAKEN : defaultValue);
  const isDefaultTaken = result.value === DEFAULT_TAKEN;
  const value = isDefaultTaken ? jsonDefault(result, defaultValue, parsedDefault) : result.value;
  const evaluationDetails = atLineTime(result.evaluationDetails, time);
  if (log === null) return { kind: "result", fields: { value, evaluationDetails } };
  const event = assignmentEventOf(log, request.subjectAttributes, evaluationDetails);
  return { kind: "result", fields: { value, evaluationDetails, event } };
}

function ask(
  client: Client<EvaluationDetails>,
  { getter, flag, subjectKey, subjectAttributes }: AssignmentRequest,
  defaultValue: unknown,
): Asked {
  // A default is returned as it is, of whatever type, as in the vendor's SDK.
  return client[getter](flag, subjectKey, subjectAttributes, defaultValue as never);
}

/**
 * Quirk: if the assigned JSON value is `null`, the vendor returns the default as given; if nothing is
 * assigned, it returns the parsed default unless that is `null` (eppo).
 */
function jsonDefault(result: Asked, given: unknown, parsed: unknown): unknown {
  return isNullAssigned(result) ? given : (parsed ?? given);
}

function isNullAssigned({ isDefault, evaluationDetails }: Asked): boolean {
  if (isDefault) return false;
  const { variationValue } = evaluationDetails;
  if (typeof variationValue !== "string") return true;
  // Details contain an override's string unparsed. A string that cannot be parsed assigns nothing.
  try {
    return JSON.parse(variationValue) === null;
  } catch {
    return false;
  }
}

/** Sets `configFetchedAt` to the line's clock if the clock is set. An empty `configFetchedAt` stays empty. */
export function atLineTime(
  details: EvaluationDetails,
  { isSet, nowMs }: LineTime,
): EvaluationDetails {
  if (!isSet || details.configFetchedAt === "") return details;
  return { ...details, configFetchedAt: new Date(nowMs).toISOString() };
}
