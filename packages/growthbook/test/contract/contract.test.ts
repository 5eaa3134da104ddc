import { describeDialect } from "@sortition/dialect-kit/dialect-contract";
import { ENCRYPTED } from "./encrypted-harness.js";
import { HARNESS } from "./harness.js";

describeDialect(HARNESS);
describeDialect(ENCRYPTED);
