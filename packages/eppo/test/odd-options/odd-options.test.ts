import { describeOddOptions } from "@sortition/dialect-kit/odd-options";
import { METHODS_SUITE } from "./plan.js";

describeOddOptions("the methods of @eppo/node-server-sdk", METHODS_SUITE);
