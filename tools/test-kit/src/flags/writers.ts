import { amplitudeWriter } from "./amplitude.js";
import { datadogWriter } from "./datadog.js";
import { eppoWriter } from "./eppo.js";
import { growthbookWriter } from "./growthbook.js";
import { launchdarklyWriter } from "./launchdarkly.js";
import { posthogWriter } from "./posthog.js";
import { statsigWriter } from "./statsig.js";
import type { Writer } from "./writer.js";

export type WrittenVendor =
  | ("amplitude" | "datadog" | "eppo" | "growthbook")
  | ("launchdarkly" | "posthog" | "statsig");

/** Writers by dialect name. Names are strings, so that no dialect package is imported. */
export const WRITERS: Readonly<Record<WrittenVendor, Writer>> = {
  amplitude: amplitudeWriter,
  datadog: datadogWriter,
  eppo: eppoWriter,
  growthbook: growthbookWriter,
  launchdarkly: launchdarklyWriter,
  posthog: posthogWriter,
  statsig: statsigWriter,
};
