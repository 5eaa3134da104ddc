import { join } from "node:path";
import { inject } from "vitest";
import { describeDialects } from "../workerd/describe-dialects.ts";

describeDialects(join(inject("consumer"), "node_modules"));
