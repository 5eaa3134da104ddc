import { join } from "node:path";
import { describeDialects } from "./describe-dialects.ts";

describeDialects(join(import.meta.dirname, "../../apps/examples/node_modules"));
