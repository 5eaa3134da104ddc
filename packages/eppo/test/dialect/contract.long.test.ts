import { describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { EPPO_HARNESS } from "./harness.js";

describeMutations(EPPO_HARNESS);
