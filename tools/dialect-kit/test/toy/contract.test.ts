import { describeDialect } from "../../src/dialect-contract/describe.js";
import { TOY_HARNESS } from "./harness.js";

describeDialect(TOY_HARNESS);
