import { OptionError } from "@sortition/core/internal";
import { amplitudeWriter } from "./amplitude.js";
import { datadogWriter } from "./datadog.js";
import { eppoWriter } from "./eppo.js";
import { growthbookWriter } from "./growthbook.js";
import { launchdarklyWriter } from "./launchdarkly.js";
import { posthogWriter } from "./posthog.js";
import { statsigWriter } from "./statsig.js";
import type { Writer } from "./writer.js";

/** Writers by dialect name. Names are strings, so that no dialect package is imported. */
const WRITERS: Readonly<Record<string, Writer>> = {
  amplitude: amplitudeWriter,
  datadog: datadogWriter,
  eppo: eppoWriter,
  growthbook: growthbookWriter,
  launchdarkly: launchdarklyWriter,
  posthog: posthogWriter,
  statsig: statsigWriter,
};

/** @throws OptionError if the dialect has no writer. */
export function writerOf(dialect: string): Writer {
  const writer = Object.hasOwn(WRITERS, dialect) ? WRITERS[dialect] : undefined;
  if (writer !== undefined) return writer;
  const known = Object.keys(WRITERS).join(", ");
  throw new OptionError("dialect", `expected one of ${known}, received "${dialect}"`);
}
