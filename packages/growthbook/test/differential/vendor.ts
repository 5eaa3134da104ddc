import {
  type Experiment,
  evalCondition,
  GrowthBook,
  GrowthBookClient,
  type Options,
} from "@growthbook/growthbook";
import type { Session } from "./calls.js";
import { answerOf, copied, type Outcome } from "./outcome.js";
import type { GeneratedPayload } from "./payloads.js";

/** Runs a session with the vendor's SDK. */
export function askVendor(
  { conditions, payload }: GeneratedPayload,
  { asked, docs, kind, options }: Session,
): Outcome {
  const isMet = (index: number): boolean =>
    evalCondition(options.attributes, conditions[index] as never, payload.savedGroups as never);
  const calls: unknown[][] = [];
  const saved: Outcome["saved"][number][] = [];
  const callbacks = {
    trackingCallback: (experiment: unknown, result: unknown) => {
      calls.push(["viewed", copied(experiment), copied(result)]);
    },
    onFeatureUsage: (key: string, result: unknown) => {
      calls.push(["used", key, copied(result)]);
    },
  };
  const own = docs === null ? null : structuredClone(docs);
  if (kind === "instance") {
    const instance = new GrowthBook({ ...options, ...payload, ...callbacks } as Options);
    const answers = asked.map((it) =>
      answerOf(() => {
        if ("feature" in it) return instance.evalFeature(it.feature);
        if ("condition" in it) return isMet(it.condition);
        return instance.run(it.experiment as unknown as Experiment<unknown>);
      }),
    );
    instance.destroy();
    return { answers, calls, docs: own, saved };
  }
  const client = new GrowthBookClient().initSync({ payload: payload as never }); // may be malformed
  const user = {
    ...options,
    ...callbacks,
    ...(own === null
      ? {}
      : {
          stickyBucketAssignmentDocs: own,
          saveStickyBucketAssignmentDoc: async (doc: Outcome["saved"][number]) => {
            saved.push(structuredClone(doc));
          },
        }),
  } as Parameters<GrowthBookClient["evalFeature"]>[1];
  const answers = asked.map((it) =>
    answerOf(() => {
      if ("feature" in it) return client.evalFeature(it.feature, user);
      if ("condition" in it) return isMet(it.condition);
      return client.runInlineExperiment(it.experiment as unknown as Experiment<unknown>, user);
    }),
  );
  client.destroy();
  return { answers, calls, docs: own, saved };
}
