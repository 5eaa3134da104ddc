// All pairs of formats.
import "./twins.test.js";
