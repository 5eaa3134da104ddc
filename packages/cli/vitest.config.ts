import { project } from "../../config/test/project.ts";

export default project("cli", { redis: true });
