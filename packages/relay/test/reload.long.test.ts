import "./reload.test.js";
