// All kinds in all pairs of formats.
import "./planted.test.js";
