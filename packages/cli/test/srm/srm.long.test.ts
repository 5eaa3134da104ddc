import "./srm.test.js";
