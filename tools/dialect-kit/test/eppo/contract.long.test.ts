import { describeMutations } from "../../src/dialect-contract/describe.js";
import { EPPO_HARNESS } from "./harness.js";

describeMutations(EPPO_HARNESS);
