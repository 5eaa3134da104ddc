import { describeDialect } from "@sortition/dialect-kit/dialect-contract";
import { HARNESSES } from "./harness.js";

for (const harness of HARNESSES) describeDialect(harness);
