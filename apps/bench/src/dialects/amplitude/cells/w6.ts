import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { LocalEvaluationClient } from "@sortition/amplitude";
import { amplitude } from "@sortition/amplitude/dialect";
import { type AssignmentEvent, Configuration, createClient } from "@sortition/core/client";
import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Visitor, vendor } from "../peers.js";
import { findFaultOfHalves, halves, visitors } from "../workload.js";

const FLAG_KEY = "new-checkout";
/** All of them fit into the caches, and are there before the clock starts. */
const VISITORS = 10_000;

type Ask = (visitor: Visitor) => string | undefined;

/** W1 with a logger, for users whose exposure was logged before. */
export const w6: Cell = {
  id: "W6",
  title: "W1 with exposures and deduplication, repeating users",
  unit: "ns",
  participants: [
    repeating(native.name, (log) => {
      const dialect = amplitude();
      const payloads = { flags: JSON.stringify([halves(FLAG_KEY)]) };
      const client = createClient({
        dialect,
        initialConfiguration: Configuration.from({ dialect, payloads }),
        assignmentLogger: { logAssignment: (_: AssignmentEvent) => log() },
        diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
      });
      return ({ attributes, key }) => client.getStringAssignment(FLAG_KEY, key, attributes, "");
    }),
    repeating(facade.name, (log) => {
      const client = new LocalEvaluationClient("bench", {
        bootstrap: { [FLAG_KEY]: { ...halves(FLAG_KEY) } },
        exposureLogger: { logAssignment: log },
      });
      return exposing((user) => client.evaluateV2(user, [FLAG_KEY], { tracksExposure: true }));
    }),
    repeating(vendor.name, (log) => {
      const client = new VendorClient("bench", {
        bootstrap: { [FLAG_KEY]: { ...halves(FLAG_KEY) } },
        exposureConfig: { apiKey: "bench" },
      });
      // Its uploads are not part of the comparison.
      const { exposureService } = client as unknown as {
        exposureService: { amplitude: { logEvent(): void } };
      };
      exposureService.amplitude.logEvent = log;
      return exposing((user) => client.evaluateV2(user, [FLAG_KEY], { tracksExposure: true }));
    }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: native.name, than: vendor.name, atLeast: 8 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
  findFault: ({ values = [] }) => findFaultOfHalves(values),
};

function exposing(
  evaluate: (user: Visitor["user"]) => Record<string, { value?: string | undefined }>,
): Ask {
  return ({ user }) => evaluate(user)[FLAG_KEY]?.value;
}

function repeating(name: string, open: (log: () => void) => Ask): Participant {
  return {
    name,
    async prepare() {
      let events = 0;
      const ask = open(() => {
        events += 1;
      });
      const subjects = visitors(shortSubjectKeys(VISITORS));
      for (const subject of subjects) ask(subject);
      const task = subjectTask({
        topic: "values",
        subjects,
        ask: (visitor) => ask(visitor) ?? "",
        digest: (value) => value.length,
      });
      const logged = events;
      return {
        answers: task.answers,
        run(operations) {
          const checksum = task.run(operations);
          if (events > logged) throw new Error(`${events - logged} exposures were logged again`);
          return checksum;
        },
      };
    },
  };
}
