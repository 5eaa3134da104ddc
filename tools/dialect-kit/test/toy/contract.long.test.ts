import { describeMutations } from "../../src/dialect-contract/describe.js";
import { TOY_HARNESS } from "./harness.js";

describeMutations(TOY_HARNESS);
