import { describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { HARNESSES } from "./harness.js";

for (const harness of HARNESSES) describeMutations(harness);
