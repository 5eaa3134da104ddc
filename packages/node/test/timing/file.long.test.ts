// Many changes.
import "./file.test.js";
