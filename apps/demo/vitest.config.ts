import { project } from "../../config/test/project.ts";

export default project("demo", { redis: true });
