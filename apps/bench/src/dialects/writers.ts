import { amplitudeWriter } from "./amplitude/writer.js";
import { eppoWriter } from "./eppo/writer.js";
import { growthbookWriter } from "./growthbook/writer.js";
import { posthogWriter } from "./posthog/writer.js";
import type { Writer } from "./writer.js";

export const WRITERS: Readonly<Record<string, Writer>> = {
  eppo: eppoWriter,
  growthbook: growthbookWriter,
  amplitude: amplitudeWriter,
  posthog: posthogWriter,
};
