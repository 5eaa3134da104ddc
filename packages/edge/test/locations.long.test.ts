// More windows and changes.
import "./locations.test.js";
