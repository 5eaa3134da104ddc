// All vendors.
import "./table.test.js";
