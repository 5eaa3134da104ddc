import { describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { ENCRYPTED } from "./encrypted-harness.js";
import { HARNESS } from "./harness.js";

describeMutations(HARNESS);
describeMutations(ENCRYPTED);
