import { describeDialect } from "../../src/dialect-contract/describe.js";
import { EPPO_HARNESS } from "./harness.js";

describeDialect(EPPO_HARNESS);
