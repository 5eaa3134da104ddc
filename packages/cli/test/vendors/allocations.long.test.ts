// All kinds of rows.
import "./allocations.test.js";
