import { project } from "../../test/project.ts";

export default project("examples", { others: ["src/testing/jest.test.ts"] });
