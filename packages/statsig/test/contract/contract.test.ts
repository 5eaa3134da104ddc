import { describeDialect } from "@sortition/dialect-kit/dialect-contract";
import { isWhole } from "@sortition/test-kit";
import { HARNESSES } from "./harness.js";

for (const harness of HARNESSES.filter((_, i) => isWhole || i === 0)) describeDialect(harness);
