import { describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { HARNESS } from "./harness.js";

describeMutations(HARNESS);
