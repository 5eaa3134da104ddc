import "./multinomial-test.test.js";
