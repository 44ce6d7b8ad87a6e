// Compiles the sources beside it: node build.mjs FOLDER. Called by scripts/build_assets.sh.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild-wasm";
import * as sass from "sass";

const target = process.argv[2];
const LIBRARY = "node_modules/nhsuk-frontend/dist/nhsuk";
const NOTICE = "Made by scripts/build_assets.sh; licences of its parts: LICENCES.md";

// Style: pictures of the library become part of the sheet, so that it asks for nothing else.
function style() {
  const made = sass.compile("service.scss", {
    loadPaths: ["node_modules"],
    style: "compressed",
    quietDeps: true,
  });
  const whole = made.css.replace(/url\("?icons\/([\w-]+\.svg)"?\)/g, (_, name) => {
    const picture = readFileSync(join(LIBRARY, "assets/images", name), "utf8").trim();
    return `url("data:image/svg+xml,${encodeURIComponent(picture)}")`;
  });
  writeFileSync(join(target, "service.css"), `/* ${NOTICE} */\n${whole}\n`);
}

// Scripts of our own with the few components that they start, in one module; no name of a brand
// in what a browser's console would say.
async function scripts() {
  const made = await esbuild.build({
    entryPoints: ["service.mjs"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    write: false,
    logLevel: "warning",
  });
  const text = made.outputFiles[0].text.replaceAll("NHS.UK frontend", "The component library");
  writeFileSync(join(target, "service.js"), `/* ${NOTICE} */\n${text}`);
}

// htmx as published, but for the four places that would make code out of text: the service never
// uses them (`allowEval` is off and the content policy forbids them), and what is not there cannot
// be reached. Each is looked for exactly once; a new version in which one differs stops the work.
const WITHOUT_EVAL = [
  ["return eval(e)", "return undefined"],
  ['o=new Function("event",n)', "o=function(){}"],
  ["return Function(t)()", "return null"],
  [
    'if(s){return Function("event","return ("+e+")").call(r,s)}else{return Function("return ("+e+")").call(r)}',
    "return{}",
  ],
];

function htmx() {
  let text = readFileSync("node_modules/htmx.org/dist/htmx.min.js", "utf8").trim();
  for (const [from, to] of WITHOUT_EVAL) {
    if (text.split(from).length !== 2) {
      throw new Error(`htmx has not exactly one ${from}`);
    }
    text = text.replace(from, () => to);
  }
  writeFileSync(join(target, "htmx.min.js"), `/* ${NOTICE} */\n${text}\n`);
}

style();
htmx();
await scripts();
