import { project } from "../../test/project.ts";

export default project("launchdarkly", { redis: true });
