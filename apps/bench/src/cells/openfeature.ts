import { InMemoryProvider, OpenFeature, type Provider } from "@openfeature/server-sdk";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { SortitionProvider } from "@sortition/openfeature";
import { eppoWriter } from "../dialects/eppo/writer.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, cellOf, type Participant } from "./cell.js";
import { FLAG, findFaultOfHalves } from "./evaluations.js";
import { awaitingTask } from "./subject-task.js";
import { ratio } from "./target.js";

const OURS = "sortition, OpenFeature";
const IN_MEMORY = "@openfeature/server-sdk, InMemoryProvider";
const CONSTANT = "floor, a provider that returns a constant";

/** For a hash, details, reason and metadata. */
const MAX_OVER_FLOOR_NS = 1_500;

export const openfeature: Cell = cellOf({
  id: "W18",
  title: "one 50/50 boolean flag by getBooleanDetails of OpenFeature, distinct subjects",
  participants: [
    asking(OURS, "halves", ourProvider),
    asking(IN_MEMORY, "constant", inMemoryProvider),
    asking(CONSTANT, "constant", constantProvider),
  ],
  targets: [ratio(OURS, IN_MEMORY, 1), ratio(OURS, CONSTANT, 1, MAX_OVER_FLOOR_NS)],
  findFault: ({ halves = [] }) => findFaultOfHalves(halves),
});

function asking(name: string, topic: string, createProvider: () => Provider): Participant {
  return {
    name,
    async prepare() {
      await OpenFeature.setProviderAndWait(createProvider());
      const flags = OpenFeature.getClient();
      return awaitingTask({
        topic,
        subjects: shortSubjectKeys(),
        ask: (targetingKey) => flags.getBooleanDetails(FLAG, false, { targetingKey }),
        digest: ({ value }) => (value ? 1 : 0),
        answerOf: ({ value }) => value,
      });
    },
  };
}

function ourProvider(): Provider {
  const client = createClient({
    dialect: eppo(),
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: { flags: eppoWriter.bytes([eppoWriter.half(FLAG)]) },
    }),
    assignmentLogger: null, // as in W1: the first exposure of each subject has cells of its own
  });
  return new SortitionProvider(client);
}

function inMemoryProvider(): Provider {
  const variants = { on: true, off: false };
  return new InMemoryProvider({
    [FLAG]: { variants, defaultVariant: "on", disabled: false },
  });
}

function constantProvider(): Provider {
  const answer = { value: true };
  const resolve = (): Promise<never> => Promise.resolve(answer as never); // only booleans are asked for
  return {
    metadata: { name: "constant" },
    resolveBooleanEvaluation: resolve,
    resolveStringEvaluation: resolve,
    resolveNumberEvaluation: resolve,
    resolveObjectEvaluation: resolve,
  };
}
