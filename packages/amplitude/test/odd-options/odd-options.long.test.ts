import { describeOddOptions } from "@sortition/dialect-kit/odd-options";
import { afterAll, beforeAll } from "vitest";
import { closeServer, SUITE, startServer } from "./plan.js";

beforeAll(startServer);
afterAll(closeServer);

describeOddOptions("@amplitude/experiment-node-server", SUITE);
