// All formats.
import "./contract.test.js";
