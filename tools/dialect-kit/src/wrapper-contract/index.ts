export { wrapperFaults } from "./wrapper-faults.js";
