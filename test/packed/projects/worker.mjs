import { answerAll } from "./answer.mjs";

// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  test() {
    console.log(answerAll());
  },
};
