import { project } from "../../test/project.ts";

export default project("cli", { redis: true });
