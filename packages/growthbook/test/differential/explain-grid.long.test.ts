// All users.
import "./explain-grid.test.js";
