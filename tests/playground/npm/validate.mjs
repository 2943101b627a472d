// What html-validate has to say against files: node validate.mjs NODE_MODULES FILE …; a line each, nothing where all is well.
// Not by its command, which needs a newer Node.js than Debian's.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const { HtmlValidate } = await import(pathToFileURL(`${modules}/html-validate/dist/esm/index.js`).href);
const validate = new HtmlValidate({ root: true, extends: ["html-validate:recommended"] });
for (const file of files) {
  const report = await validate.validateString(fs.readFileSync(file, "utf8"), file);
  for (const result of report.results) {
    for (const one of result.messages) {
      console.log(`${file}:${one.line}:${one.column}: ${one.ruleId}: ${one.message}`);
    }
  }
}
