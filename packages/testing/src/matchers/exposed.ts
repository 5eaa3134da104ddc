import { type AssignmentEvent, OptionError } from "@sortition/core";
import { rejectUnknownOptions } from "@sortition/core/internal";
import { type ExposureRecorder, isRecorder } from "../exposures/record-exposures.js";
import { shown } from "../flags/shown.js";
import type { VariationName } from "../subjects/probe.js";
import { kindOf } from "./kind-of.js";
import type { Verdict } from "./verdict.js";

/** Expected exposures. Absent members match anything. */
export interface ExpectedExposure {
  readonly subject?: string | undefined;
  readonly variation?: VariationName | undefined;
  /** Number of exposures. Default: one or more. */
  readonly times?: number | undefined;
}

/** Whether assignments of a flag were logged. */
export function haveExposed(
  call: string,
  received: unknown,
  flagKey: string,
  expected: ExpectedExposure = {},
): Verdict {
  const recorder = recorderOf(`${call}(${JSON.stringify(flagKey)})`, received);
  if (typeof expected === "string") {
    throw new OptionError(
      call,
      `expected an object: write { subject: ${JSON.stringify(expected)} }`,
    );
  }
  rejectUnknownOptions(expected, ["subject", "variation", "times"], call);
  const { subject, times, variation } = expected;
  const found = recorder.of(flagKey).filter((event) => {
    if (subject !== undefined && event.subject !== subject) return false;
    return variation === undefined || namesOf(variation).includes(`${event.variation}`);
  });
  const pass = times === undefined ? found.length > 0 : found.length === times;
  const meant = [
    ...(subject === undefined ? [] : [`subject ${JSON.stringify(subject)}`]),
    ...(variation === undefined ? [] : [`variation ${shown(variation)}`]),
    ...(times === undefined
      ? []
      : [`${times} ${times === 1 ? "time" : "times"}, found ${found.length}`]),
  ];
  const message = (): string =>
    [
      `expected flag ${JSON.stringify(flagKey)} ${pass ? "not " : ""}to be exposed${meant.map((it) => `, ${it}`).join("")}`,
      recorded(recorder),
    ].join("\n");
  return { pass, message };
}

/** Whether neither an assignment nor a bandit action was logged. */
export function haveExposedNothing(call: string, received: unknown): Verdict {
  const recorder = recorderOf(`${call}()`, received);
  const pass = recorder.assignments.length + recorder.bandits.length === 0;
  const message = (): string =>
    `expected ${pass ? "an exposure" : "no exposure"}\n${recorded(recorder)}`;
  return { pass, message };
}

function recorderOf(call: string, received: unknown): ExposureRecorder {
  if (isRecorder(received)) return received;
  throw new OptionError(
    call,
    `expected a recorder from recordExposures(), received ${kindOf(received)}`,
  );
}

/** Returns the variation keys that a name matches. PostHog's boolean flags use `true` and `false`. */
function namesOf(variation: VariationName): readonly string[] {
  if (typeof variation === "string") return [variation];
  return variation ? ["on", "true"] : ["off", "false"];
}

function recorded({ assignments, bandits }: ExposureRecorder): string {
  const lines = [
    ...assignments.map(assignmentText),
    ...bandits.map(({ action, flagKey, subject }) => {
      return `  ${flagKey}: ${subject} was shown action ${JSON.stringify(action)}`;
    }),
  ];
  return lines.length === 0
    ? "recorded: nothing; only a flag with split(…) or a bandit has exposures, and only of clients with this assignmentLogger"
    : ["recorded:", ...lines].join("\n");
}

function assignmentText({ experiment, featureFlag, subject, variation }: AssignmentEvent): string {
  return `  ${featureFlag}: ${subject} got ${JSON.stringify(variation)} by ${JSON.stringify(experiment)}`;
}
