import { timingProject } from "../../vitest.base.ts";

export default timingProject("eppo-timing");
