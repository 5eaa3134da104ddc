import type { ExposureBase } from "@sortition/core/dialect";
import { type CompileOptions, type MalformedError, malformed } from "../../malformed.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { GivenOutcome, type Outcome } from "../experiment/outcome.js";
import { exposureOf } from "./exposure.js";

/** The result of an experiment that was evaluated by a server. */
interface Track extends Outcome {
  readonly exposure: ExposureBase | null;
}

/** Results to track when the rule applies. A malformed result throws when it is reached. */
export type CompiledTracks = readonly (Track | MalformedError)[] | MalformedError;

/** Compiles the results in a rule of a remote evaluation. */
export function compileTracks(
  wire: unknown,
  featureKey: string,
  ruleId: string | undefined,
  path: string,
  options: CompileOptions,
): CompiledTracks {
  if (!Array.isArray(wire)) return malformed(path, "expected an array", options);
  return wire.map((track, i): Track | MalformedError => {
    if (track === null || track === undefined) {
      return malformed(`${path}[${i}]`, "expected an object, got nothing", options);
    }
    const { experiment, result } = track as Omit<Track, "exposure">; // passed to observers unchanged
    const isWhole = !!experiment && !!result;
    const exposure = isWhole ? exposureOf(featureKey, ruleId, experiment.key, result.key) : null;
    return { experiment, result, exposure };
  });
}

/** Notifies the observer of the results. */
export function fireTracks(tracks: CompiledTracks, context: EvaluationCall): void {
  if ("problem" in tracks) throw tracks;
  for (const track of tracks) {
    if ("problem" in track) throw track;
    if (track.exposure !== null && context.scope !== null) {
      if (context.subjectKey === null) context.scope.hashedBy(track.result.hashValue);
      context.scope.expose(track.exposure);
    }
    context.observer?.viewed(new GivenOutcome(track), context);
  }
}
