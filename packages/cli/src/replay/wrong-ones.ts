import { printable } from "@sortition/core/dialect-internal";
import type { ExplainingClient } from "@sortition/core/internal";
import type { FlagExposure } from "../events/exposure-row.js";
import { type Place, placeText } from "../rows/place.js";
import { variationText } from "../text/values.js";
import type { Judgement } from "./judgement.js";
import { KIND_TEXTS } from "./report.js";

/** How to show wrong exposures. */
export interface ListFormat {
  readonly isJson: boolean;
  readonly showsSubjects: boolean;
}

/** Explains what the configuration in force at the time of an exposure gives the subject. */
export function whyOf(
  { attributes, flag, isAnonymous, subject, timeMs }: FlagExposure,
  client: ExplainingClient,
): readonly string[] {
  const subjectKey = isAnonymous ? "" : subject;
  return client.reasonsFor({ flagKey: flag, subjectKey, attributes, nowMs: timeMs });
}

/** Renders a wrong exposure as a line of JSON or as text that ends with a line feed. */
export function wrongText(
  exposure: FlagExposure,
  { file, line }: Place,
  { detail, kind }: Judgement,
  why: readonly string[],
  { isJson, showsSubjects }: ListFormat,
): string {
  const { allocation, choice, experiment, flag, subject, timeMs, variation } = exposure;
  const logged = choice?.action ?? variation;
  if (isJson) {
    return `${JSON.stringify({
      ...(file === null ? {} : { file }),
      line,
      kind,
      detail,
      flag,
      experiment,
      allocation,
      logged,
      time: new Date(timeMs).toISOString(),
      ...(showsSubjects ? { subject } : {}),
      why,
    })}\n`;
  }
  const who = showsSubjects ? ` of ${JSON.stringify(subject)}` : "";
  const isVariation = kind === "wrong-variation" || kind === "wrong-action";
  const expected =
    detail === null ? "" : `, expected ${isVariation ? variationText(detail) : detail}`;
  const where = placeText({ file, line });
  const first = `${where}: ${KIND_TEXTS[kind]}: ${flag}${who}: logged ${logged === null ? logged : variationText(logged)}${expected}`;
  return `${[first, ...why.map((it) => `  ${it}`)].map((it) => printable(it)).join("\n")}\n`;
}
