import { project } from "../../vitest.base.ts";

export default project("amplitude", { redis: true });
