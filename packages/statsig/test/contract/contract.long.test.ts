import { describeMutations } from "@sortition/dialect-kit/dialect-contract";
import { HARNESSES } from "./harness.js";

// The contract of both SDKs.
import "./contract.test.js";

for (const harness of HARNESSES) describeMutations(harness);
