import { report, reportFaults, workerOptions } from "@sortition/test-kit/redis-worker";
import { redis } from "../../src/index.js";
import { assignment } from "../support/events.js";

// A process that uses every feature of the package, and ends without closing any of them.
const { url } = workerOptions<{ readonly url: string }>();
reportFaults();
const fleet = redis({ redis: url, namespace: "test" });
const outbox = fleet.outbox({ logAssignment() {} }, { deliver: false });
const dedupe = fleet.dedupe(outbox);
dedupe.logAssignment(assignment("alice"));
await dedupe.flush({ timeoutMs: 1_000 });
// At the exit, both loggers have had an event, and the outbox receives another one.
dedupe.logAssignment(assignment("bob"));
void fleet.stickyBuckets().saveAssignments({
  ...{ attributeName: "id", attributeValue: "alice" },
  assignments: { exp__0: "1" },
});
fleet.flagDefinitionCache();
report("last statement");
