import { describeDialect } from "@sortition/dialect-kit/dialect-contract";
import { EPPO_HARNESS } from "./harness.js";

describeDialect(EPPO_HARNESS);
