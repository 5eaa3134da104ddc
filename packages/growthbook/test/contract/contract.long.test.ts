import { describeDialect, describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { ENCRYPTED } from "./encrypted-harness.js";
import { HARNESS } from "./harness.js";

describeDialect(ENCRYPTED);
describeMutations(HARNESS);
describeMutations(ENCRYPTED);
